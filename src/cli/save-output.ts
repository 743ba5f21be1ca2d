import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { CliError } from './cli-error.ts';
import type { HttpClient } from './http-client.ts';
import type { RunDocument } from './run-document.ts';

/** Writes the result and every artifact below `folder`; answers the paths. A path that leaves the folder is refused: a model wrote it. */
export async function saveOutput(
  client: HttpClient,
  run: RunDocument,
  folder: string,
): Promise<string[]> {
  const saved: string[] = [];
  if (run.result !== null) saved.push(await save(folder, 'result.md', run.result));
  for (const artifact of run.artifacts) {
    const path = artifact.path.split('/').map(encodeURIComponent).join('/');
    const content = await client.download(`/api/v1/runs/${run.id}/artifacts/${path}`);
    saved.push(await save(folder, artifact.path, content));
  }
  return saved;
}

async function save(folder: string, path: string, content: string | Buffer): Promise<string> {
  const target = join(folder, normalize(path));
  if (isAbsolute(path) || !resolve(target).startsWith(`${resolve(folder)}/`)) {
    throw new CliError('answer_invalid', {
      message: `The artifact's path leaves the folder: ${path}`,
      fix: 'Nothing was written there; read the artifact over HTTP instead.',
    });
  }
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  } catch (cause) {
    throw new CliError('request_invalid', {
      message: `${target} cannot be written.`,
      fix: 'Choose another folder with --out; the result stays readable over HTTP.',
      cause,
    });
  }
  return target;
}
