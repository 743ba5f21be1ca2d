import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadraceError } from '../../errors/headrace-error.ts';
import type { ServerUser } from './run-program.ts';

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, its closing zero included. */
const longestSocketPath = process.platform === 'darwin' ? 103 : 107;
const socketName = '.s.PGSQL.5432';

/**
 * Makes the folder of the server's socket: short whatever the data directory is called, the same for
 * every process on that directory, and closed to everyone else, for the server trusts whoever connects.
 */
export async function makeSocketDirectory(
  dataDir: string,
  owner: { uid: number; user: ServerUser | null },
): Promise<string> {
  const hash = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
    .slice(0, 12);
  const ownerUid = owner.user?.uid ?? owner.uid;
  const name = `headrace-${ownerUid}-${hash}`;
  const base = [tmpdir(), '/tmp'].find((folder) => fits(join(folder, name))) ?? '/tmp';
  const directory = join(base, name);
  await mkdir(directory, { mode: 0o700 }).then(
    async () => {
      if (owner.user !== null) await chown(directory, owner.user.uid, owner.user.gid);
      await chmod(directory, 0o700);
    },
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  await refuseStrangers(directory, [ownerUid, owner.uid]);
  return directory;
}

/** Whether PostgreSQL's socket in this folder has a path that the system can bind. */
export function fits(directory: string): boolean {
  return Buffer.byteLength(join(directory, socketName)) <= longestSocketPath;
}

// Anyone may have made a folder of this name under /tmp, to serve us a database of theirs.
async function refuseStrangers(directory: string, ownerUids: readonly number[]): Promise<void> {
  const entry = await lstat(directory);
  if (entry.isDirectory() && ownerUids.includes(entry.uid) && (entry.mode & 0o077) === 0) return;
  throw new HeadraceError('store_unavailable', {
    message: "The folder for the database's socket belongs to somebody else, or is open to others.",
    where: directory,
    fix: 'Remove that folder and start again.',
  });
}
