import assert from 'node:assert/strict';
import test from 'node:test';
import { createManualClock } from './manual-clock.ts';
import { repeat } from './repeat.ts';

test('repeated work goes on after an error and never overlaps', async () => {
  const clock = createManualClock();
  const errors: unknown[] = [];
  const runs: number[] = [];
  let release: () => void = () => {};
  const end = repeat(clock, 100, {
    work: async () => {
      runs.push(clock.now());
      if (runs.length === 1) throw new Error('once');
      if (runs.length === 2) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
    },
    failed: (error) => errors.push(error),
  });
  await clock.advance(500);
  assert.equal(runs.length, 2);
  assert.equal(errors.length, 1);
  release();
  await clock.advance(100);
  assert.equal(runs.length, 3);
  end();
  await clock.advance(1_000);
  assert.equal(runs.length, 3);
});
