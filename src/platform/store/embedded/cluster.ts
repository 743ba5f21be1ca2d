import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { HeadraceError } from '../../errors/headrace-error.ts';
import { hasSqlState } from '../store-failure.ts';
import type { Binaries } from './binaries.ts';
import { runProgram, type ServerUser } from './run-program.ts';

export interface ClusterInput {
  /** The database's files; its parent exists. */
  databaseDir: string;
  binaries: Binaries;
  user: ServerUser | null;
  clock: Clock;
}

/** The only role of the embedded server. */
export const superuser = 'headrace';

const draftAgeMs = 60_000;

/**
 * Makes the database's files where there are none. They are made aside and renamed when complete, so that
 * an interrupted making leaves nothing that looks like a database, and of two processes the first wins.
 */
export async function ensureCluster(input: ClusterInput): Promise<void> {
  const { databaseDir, binaries, clock } = input;
  if (!(await hasCluster(databaseDir, binaries.major))) {
    await removeDrafts(databaseDir, clock.now() - draftAgeMs);
    await makeCluster(input);
    if (!(await hasCluster(databaseDir, binaries.major))) {
      throw new HeadraceError('store_unavailable', {
        message: 'The directory of the database holds other files.',
        where: databaseDir,
        fix: 'Move that directory away, or set HEADRACE_DATA_DIR to another place.',
      });
    }
  }
  await removeDrafts(databaseDir, Number.POSITIVE_INFINITY);
}

async function hasCluster(databaseDir: string, major: number): Promise<boolean> {
  const version = await readFile(join(databaseDir, 'PG_VERSION'), 'utf8').catch(
    (error: unknown) => {
      if (hasSqlState(error, 'ENOENT')) return undefined;
      throw error;
    },
  );
  if (version === undefined) return false;
  if (Number(version) === major) return true;
  throw new HeadraceError('store_version_mismatch', {
    message: `The data is PostgreSQL ${version.trim()}'s; this Headrace brings PostgreSQL ${major}.`,
    where: databaseDir,
  });
}

async function makeCluster({ databaseDir, binaries, user }: ClusterInput): Promise<void> {
  const draft = `${databaseDir}.draft-${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(draft, { mode: 0o700 });
    if (user !== null) await chown(draft, user.uid, user.gid);
    // The builtin C.UTF-8 sorts alike on every machine; a library's collation changes with its version.
    const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const args = ['-D', draft, '-U', superuser, '-A', 'trust', '--encoding=UTF8', ...locale];
    const { code, output } = await runProgram({ file: binaries.initdb, args, user });
    if (code !== 0) throw initdbFailed(output, databaseDir);
    await rename(draft, databaseDir);
    await syncDirectory(dirname(databaseDir));
  } catch (error) {
    // Another process was quicker: it renamed its own, and then removed ours.
    if (hasSqlState(error, 'ENOTEMPTY', 'EEXIST')) return;
    if (await exists(join(databaseDir, 'PG_VERSION'))) return;
    throw notRunnable(error);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function initdbFailed(output: string, databaseDir: string): HeadraceError {
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return new HeadraceError('store_disk_full', { where: databaseDir });
  }
  const reason = /(?:FATAL|error):\s*(.+)/.exec(output)?.[1] ?? output.trim().slice(-200);
  return new HeadraceError('store_unavailable', {
    message: `The database could not be made: ${reason}.`,
    where: databaseDir,
    fix: 'Mend the reason, or set HEADRACE_DATA_DIR to another place.',
  });
}

function notRunnable(error: unknown): unknown {
  // ENOENT for a program that exists: its loader is missing, as on a system with musl.
  if (!hasSqlState(error, 'ENOENT', 'ENOEXEC')) return error;
  return new HeadraceError('store_platform_unsupported', {
    message: 'The programs of the embedded PostgreSQL do not run on this system.',
    cause: error,
  });
}

/** Removes what interrupted makings left, as far as it was touched before `olderThanMs`. */
async function removeDrafts(databaseDir: string, olderThanMs: number): Promise<void> {
  const parent = dirname(databaseDir);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${basename(databaseDir)}.draft-`)) continue;
    const draft = join(parent, name);
    const touched = await stat(draft).catch(() => undefined);
    if (touched !== undefined && touched.mtimeMs < olderThanMs) {
      // Tried again: the initdb of a process that was killed writes on, into what is being emptied.
      await rm(draft, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
  }
}

/** A rename is lost in a power cut until its directory is on the disk. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
