import { writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { CliError } from './cli-error.ts';
import type { HttpClient } from './http-client.ts';
import { makeFolder } from './make-folder.ts';
import type { RunDocument } from './run-document.ts';

/** Writes the result and every artifact below `folder`; answers the paths. A path that leaves the folder is refused: a model wrote it. */
export async function saveOutput(
  client: HttpClient,
  run: RunDocument,
  folder: string,
): Promise<string[]> {
  const saved: string[] = [];
  if (run.result !== null)
    saved.push(await save(resolveTarget(folder, 'result.md'), `${run.result.trimEnd()}\n`));
  for (const artifact of run.artifacts) {
    const target = resolveTarget(folder, artifact.path);
    const path = artifact.path.split('/').map(encodeURIComponent).join('/');
    saved.push(
      await save(target, await client.download(`/api/v1/runs/${run.id}/artifacts/${path}`)),
    );
  }
  return saved;
}

function resolveTarget(folder: string, path: string): string {
  const target = join(folder, normalize(path));
  if (!isAbsolute(path) && resolve(target).startsWith(`${resolve(folder)}${sep}`)) return target;
  throw new CliError('answer_invalid', {
    message: `The artifact's path leaves the folder: ${path}`,
    fix: 'It was not written; read the artifact over HTTP instead.',
  });
}

async function save(target: string, content: string | Buffer): Promise<string> {
  await makeFolder(dirname(target));
  try {
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
