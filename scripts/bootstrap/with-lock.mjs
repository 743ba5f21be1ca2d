import { mkdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** @type {('SIGINT' | 'SIGTERM' | 'SIGHUP')[]} */
const ending = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const pollMs = 200;
const beatMs = 1_000;
/**
 * A lock that has not been touched for so long was left behind by a crash. Its owner's number would not
 * tell: two containers that share a checkout do not see each other's processes.
 */
export const abandonedMs = 10_000;

/**
 * Runs `work` while no other process runs its own under the same lock.
 * @template T
 * @param {string} path the lock's folder, whose parent exists
 * @param {{ work: () => Promise<T>, onWait: () => void }} steps
 * @returns {Promise<T>}
 */
export async function withLock(path, { work, onWait }) {
  let waited = false;
  while (!take(path)) {
    if (isAbandoned(path)) {
      rmSync(path, { recursive: true, force: true });
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await sleep(pollMs);
  }
  const beat = setInterval(() => touch(path), beatMs);
  const release = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', release);
  const endings = ending.map((signal) => {
    // A signal alone would end the process without its `exit` listeners, which tidy up.
    const end = () => process.exit(128 + constants.signals[signal]);
    process.once(signal, end);
    return () => process.removeListener(signal, end);
  });
  try {
    return await work();
  } finally {
    clearInterval(beat);
    for (const forget of endings) forget();
    process.removeListener('exit', release);
    release();
  }
}

/** @param {string} path */
function take(path) {
  try {
    // Making a folder is the one step of a file system in which exactly one of two processes succeeds.
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path */
function isAbandoned(path) {
  const facts = statSync(path, { throwIfNoEntry: false });
  return facts !== undefined && Date.now() - facts.mtimeMs > abandonedMs;
}

/** @param {string} path */
function touch(path) {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // Someone removed the folder by hand; the work goes on, and its last step is one rename.
  }
}
