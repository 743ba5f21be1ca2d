import { chmod, mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { HeadraceError } from '../../errors/headrace-error.ts';
import type { ServerUser } from './run-program.ts';

const mayEnter = 0o001;

/**
 * Makes the data directory. Where another user runs the server, that user must be able to pass through
 * to the database's files: others get leave to enter, not to list or read, our directory and temporary
 * ones above it; directories that are not ours to open are named in the error.
 */
export async function prepareDataDirectory(
  dataDir: string,
  user: ServerUser | null,
  temporaryRoot = tmpdir(),
): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: user === null ? 0o700 : 0o711 });
  if (user === null) return;
  for (let path = dataDir; path !== dirname(path); path = dirname(path)) {
    const { mode, uid, gid } = await stat(path);
    if (canEnter(user, { mode, uid, gid })) continue;
    if (path !== dataDir && !isBelow(temporaryRoot, path)) {
      throw new HeadraceError('store_unavailable', {
        message: `The database runs as ${user.name}, who may not enter ${path}.`,
        where: dataDir,
        fix: `Set HEADRACE_DATA_DIR to a place such as /var/lib/headrace, or run "chmod o+x ${path}".`,
      });
    }
    await chmod(path, (mode & 0o7777) | mayEnter);
  }
}

function canEnter(user: ServerUser, entry: { mode: number; uid: number; gid: number }): boolean {
  if (entry.uid === user.uid) return (entry.mode & 0o100) !== 0;
  if (entry.gid === user.gid) return (entry.mode & 0o010) !== 0;
  return (entry.mode & mayEnter) !== 0;
}

function isBelow(root: string, path: string): boolean {
  const below = relative(root, path);
  return below !== '' && !below.startsWith('..') && join(root, below) === path;
}
