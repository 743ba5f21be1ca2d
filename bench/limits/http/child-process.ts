import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses } from '../../list-processes.ts';

export interface Child {
  pid: number;
  stop(): Promise<void>;
}

/** A program that is killed when it does not end by itself within a few seconds of being told. */
export function startChild(
  command: readonly [string, ...string[]],
  options: { env?: Record<string, string>; onLine?: (line: string) => void } = {},
): Child & { ended(): string | null } {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  child.stdout.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
    for (const line of chunk.toString().split('\n')) options.onLine?.(line);
  });
  let failed: string | null = null;
  child.on('error', (error) => {
    failed = error.message;
  });
  return {
    pid: child.pid ?? 0,
    stop: () => endChild(child),
    ended: () => failed ?? (isGone(child) ? said : null),
  };
}

function isGone(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (isGone(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([gone, sleep(5000)]);
  if (!isGone(child)) child.kill('SIGKILL');
  await gone;
}

/** Clock ticks per second of /proc; Linux has had 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** Seconds of processor time that these processes and what they started have used. */
export function readCpuSeconds(pids: readonly number[]): number {
  const all = new Set(pids.flatMap((pid) => listProcesses(pid, `bench-none-${pid}`)));
  let ticks = 0;
  for (const pid of all) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It ended meanwhile.
    }
  }
  return ticks / ticksPerSecond;
}
