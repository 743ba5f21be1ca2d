import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sleep, systemClock } from '../src/platform/clock.ts';
import {
  reachServer,
  readPostmasterFile,
  serverUrl,
} from '../src/platform/store/embedded/reach-server.ts';

const startTimeoutMs = 30_000;

/** One directory per checkout and person, so that checkouts do not share their servers. */
export function sharedServerDirectory(): string {
  const checkout = fileURLToPath(new URL('..', import.meta.url));
  const hash = createHash('sha256').update(checkout).digest('hex').slice(0, 8);
  return join(tmpdir(), `headrace-test-${userInfo().uid}-${hash}`);
}

/**
 * The address of the server that test files run by hand share. Its keeper, a process of its own, stops and
 * removes it when no test has used it for a while.
 */
export async function joinSharedServer(): Promise<string> {
  const databaseDir = join(sharedServerDirectory(), 'postgres');
  const deadline = systemClock.now() + startTimeoutMs;
  let asked = false;
  while (systemClock.now() < deadline) {
    const socketDirectory = (await readPostmasterFile(databaseDir))?.socketDirectory;
    if (socketDirectory && (await reachServer(socketDirectory, databaseDir)) === 'answers') {
      return serverUrl(socketDirectory);
    }
    if (!asked) startKeeper();
    asked = true;
    await sleep(systemClock, 20);
  }
  throw new Error(`No test server came up in ${databaseDir}; its keeper's log lies beside it.`);
}

function startKeeper(): void {
  const keeper = fileURLToPath(new URL('server-keeper.ts', import.meta.url));
  spawn(process.execPath, [keeper], { detached: true, stdio: 'ignore' }).unref();
}
