import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, truncate } from 'node:fs/promises';
import { HeadraceError } from '../../errors/headrace-error.ts';
import { identityOf, programEnvironment, type ServerUser } from './run-program.ts';
import type { ServerSettings } from './server-settings.ts';

export interface LaunchInput {
  postgres: string;
  databaseDir: string;
  logFile: string;
  user: ServerUser | null;
  settings: ServerSettings;
}

export interface Launched {
  pid: number | undefined;
  /** Resolves when the server's process is gone; rejects where it could not be started. */
  exited: Promise<void>;
  hasExited(): boolean;
  /** What it wrote since it was launched. */
  readLog(): Promise<string>;
}

const longestLogBytes = 8 * 1024 * 1024;

/** Starts the server's process; it is not yet ready, and may find that another serves the directory. */
export async function launchServer(input: LaunchInput): Promise<Launched> {
  // To a file: with a pipe the server would be killed by its next line once this process is gone.
  const log = await open(input.logFile, 'a', 0o600);
  try {
    if ((await log.stat()).size > longestLogBytes) await truncate(input.logFile);
    const start = (await log.stat()).size;
    const args = Object.entries(input.settings).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const child = spawn(input.postgres, ['-D', input.databaseDir, ...args], {
      ...identityOf(input.user),
      cwd: '/',
      env: programEnvironment,
      // A session of its own: Ctrl-C reaches every process of the terminal's group, and the database must
      // outlive the process that still has something to write.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.unref();
    return watch(child, async () =>
      (await readFile(input.logFile)).subarray(start).toString('utf8'),
    );
  } finally {
    await log.close();
  }
}

function watch(child: ChildProcess, readLog: () => Promise<string>): Launched {
  let gone = false;
  const exited = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => {
      gone = true;
      reject(error);
    });
    child.once('exit', () => {
      gone = true;
      resolve();
    });
  });
  exited.catch(() => undefined);
  return { pid: child.pid, exited, hasExited: () => gone, readLog };
}

/** Whether it ended because processes of an earlier server still live. */
export function blamesSharedMemory(log: string): boolean {
  return /pre-existing shared memory block/.test(log);
}

/** Why the server ended, as far as a person can do something about it. */
export function explainExit(log: string, databaseDir: string): HeadraceError {
  if (/No space left on device|Disk quota exceeded/.test(log)) {
    return new HeadraceError('store_disk_full', { where: databaseDir });
  }
  const reason = /(?:FATAL|PANIC):\s*(.+)/.exec(log)?.[1] ?? log.trim().split('\n').at(-1) ?? '';
  return new HeadraceError('store_unavailable', {
    message: `The embedded PostgreSQL did not start: ${reason || 'it said nothing'}.`,
    where: databaseDir,
    fix: blamesSharedMemory(log)
      ? 'Another PostgreSQL still has this directory open; it ends by itself within a minute.'
      : "Read the database's log beside that directory.",
  });
}
