import { execFile } from 'node:child_process';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Whether the server refused because a file names another process as the directory's server. */
export const blamesPidFile = (log: string) => /lock file "postmaster.pid" already exists/.test(log);

/** Whether the server refused because that file holds nothing: another is just writing it, or crashed before. */
export const blamesEmptyPidFile = (log: string) => /lock file "postmaster.pid" is empty/.test(log);

/** A server writes its file within milliseconds of making it. */
const abandonedMs = 5_000;

/** Removes a file that stayed empty: whoever made it is gone, and the server would refuse it for ever. */
export async function removeEmptyPidFile(databaseDir: string, nowMs: number): Promise<void> {
  const path = join(databaseDir, 'postmaster.pid');
  const found = await stat(path).catch(() => null);
  if (found?.size === 0 && nowMs - found.mtimeMs > abandonedMs) await rm(path, { force: true });
}

/** Whether it refused because a file names another process as its socket's owner. */
export const blamesSocketLock = (log: string) =>
  /lock file "[^"]*\.s\.PGSQL\.5432\.lock" already exists/.test(log);

/**
 * The socket's directory is this database's alone, and the server looks at it only when it holds the
 * database's files: nobody else can be using the socket.
 */
export async function removeSocketLock(socketDirectory: string): Promise<void> {
  await rm(join(socketDirectory, '.s.PGSQL.5432.lock'), { force: true });
}

/**
 * Takes the blame off a process that is none of PostgreSQL's, but has the id that a crashed server left in
 * its file: ids repeat, above all in containers, and the server would refuse to start for ever. Our own id
 * instead makes it skip that test, as for any launcher of its own, and rely on its second one, whether the
 * shared memory that the file names is still in use. Answers whether it is worth another start; it is not
 * where the process is a server of this directory, which has only not come to answer yet.
 */
export async function disownPidFile(databaseDir: string): Promise<boolean> {
  const path = join(databaseDir, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = /^\d+/.exec(text)?.[0];
  if (pid === undefined) return true;
  if ((await commandOf(pid)).includes(databaseDir)) return false;
  await writeFile(path, text.replace(pid, String(process.pid)));
  return true;
}

/** The command line of a process, empty where there is none. */
async function commandOf(pid: string): Promise<string> {
  try {
    if (process.platform === 'linux') return await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return (await promisify(execFile)('ps', ['-o', 'command=', '-p', pid])).stdout;
  } catch {
    return '';
  }
}
