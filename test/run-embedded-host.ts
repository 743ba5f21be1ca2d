import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

export interface EmbeddedHost {
  process: ChildProcess;
  /** The next document that it writes. */
  next(): Promise<Record<string, unknown>>;
  /** Sends a line and gives the answer. */
  ask(line: string): Promise<Record<string, unknown>>;
  /** Resolves with the exit code, `null` after a signal. */
  exited: Promise<number | null>;
}

/** Runs `embedded-host.ts` in a process, and process group, of its own, as another user where one is given. */
export function runEmbeddedHost(
  t: TestContext,
  dataDir: string,
  user?: { uid: number; gid: number },
): EmbeddedHost {
  const script = fileURLToPath(new URL('embedded-host.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dataDir], {
    ...user,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  t.after(() => child.kill('SIGKILL'));
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The process ended without a word.');
    return JSON.parse(value);
  };
  return {
    process: child,
    next,
    ask(line) {
      child.stdin.write(`${line}\n`);
      return next();
    },
    exited,
  };
}
