import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

export interface Tally {
  passed: number;
  failed: number;
}

/** A file that takes longer hangs: the whole suite is to take a minute or two. */
const fileTimeoutMs = 300_000;

/** Runs test files, each in a process of its own that inherits our environment, and shows them as they end. */
export async function runTests(files: string[]): Promise<Tally> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  const stream = run({
    files,
    // Test files wait for timers and the database as much as they compute.
    concurrency: Math.max(2, availableParallelism()),
    timeout: fileTimeoutMs,
    signal: interrupted.signal,
  });
  const tally = { passed: 0, failed: 0, skipped: 0 };
  stream.on('test:summary', ({ file, counts }) => {
    // One summary comes per file and one, without a name, for all.
    if (file !== undefined) return;
    tally.passed = counts.passed;
    tally.failed = counts.tests - counts.passed - counts.skipped - counts.todo;
    tally.skipped = counts.skipped + counts.todo;
  });
  for await (const text of stream.compose(new spec())) process.stdout.write(text);
  if (tally.skipped > 0) console.log(`${tally.skipped} skipped`);
  if (interrupted.signal.aborted) tally.failed += 1;
  return tally;
}
