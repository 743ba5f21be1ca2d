import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface HeadraceProcess {
  url: string;
  adminKey: string;
  pid: number;
  /** Milliseconds from spawning to the first 200 of /readyz. */
  readyAfterMs: number;
  stop(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

const launcher = join(import.meta.dirname, '..', 'headrace');
const adminKey = 'bench-admin-key-0123456789';

/** A folder that is gone when `work` ends. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `headrace serve` as a process of its own, as a person starts it. */
export async function startProcess(
  dataDir: string,
  options: { port: number; args?: string[]; env?: Record<string, string> },
): Promise<HeadraceProcess> {
  const began = performance.now();
  const child = spawn(
    launcher,
    ['serve', '--port', String(options.port), ...(options.args ?? [])],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        // The Node.js that runs this bench, so that the launcher measures no second one.
        PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
        HOME: process.env['HOME'],
        HEADRACE_DATA_DIR: dataDir,
        HEADRACE_ADMIN_KEY: adminKey,
        HEADRACE_LOG_LEVEL: 'warn',
        ...options.env,
      },
    },
  );
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const url = `http://127.0.0.1:${options.port}`;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`headrace ended early:\n${errors}`);
    await sleep(5);
  }
  return {
    url,
    adminKey,
    pid: child.pid ?? 0,
    readyAfterMs: performance.now() - began,
    stop: () => endChild(child, 'SIGTERM'),
    kill: () => endChild(child, 'SIGKILL'),
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}

function endChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else {
      child.once('exit', () => resolve());
      child.kill(signal);
    }
  });
}

/** Proportional set size in MiB of a process and everything below it, the database's sessions included. */
export function readPssMiB(pids: readonly number[]): number {
  let kib = 0;
  for (const pid of pids) {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      kib += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  return kib / 1024;
}
