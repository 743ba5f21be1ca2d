import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from './cli-error.ts';

/**
 * Makes a folder with those above it, and tries that it can be written. Step by step, for Node's
 * recursive mkdir never ends where a file system answers ENOENT to every making, as /proc does.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeAll(path);
    await access(path, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new CliError('usage', {
      message: `The folder ${path} cannot be made or written${reason}.`,
      fix: 'Choose another folder with --out.',
      cause,
    });
  }
}

async function makeAll(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return;
  if (dirname(path) !== path) await makeAll(dirname(path));
  await mkdir(path);
}
