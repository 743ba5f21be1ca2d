import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';

export interface Brief {
  name: string;
  text: string;
}

const line = z.object({
  name: z.string().optional(),
  id: z.union([z.string(), z.number()]).optional(),
  brief: z.string(),
});

/** The briefs of a `.jsonl` file (lines `{name|id, brief}`), of a `.md` or `.txt` file, or of a folder of such files. */
export async function readBriefs(path: string): Promise<Brief[]> {
  const names = (await stat(path)).isDirectory()
    ? (await readdir(path)).sort().map((name) => join(path, name))
    : [path];
  const briefs = await Promise.all(names.map(readFileOfBriefs));
  return briefs.flat();
}

async function readFileOfBriefs(path: string): Promise<Brief[]> {
  const kind = extname(path);
  const name = basename(path, kind);
  if (kind === '.jsonl') return readLines(name, await readFile(path, 'utf8'));
  // What tells where the briefs come from lies beside them.
  const isAboutThem = /^[A-Z_.-]+$/.test(name);
  if (!['.md', '.txt'].includes(kind) || isAboutThem) return [];
  return [{ name, text: await readFile(path, 'utf8') }];
}

function readLines(file: string, text: string): Brief[] {
  return text
    .split('\n')
    .filter((json) => json.trim() !== '')
    .map((json, index) => {
      const { name, id, brief } = line.parse(JSON.parse(json));
      return { name: name ?? `${file}-${id ?? index + 1}`, text: brief };
    });
}
