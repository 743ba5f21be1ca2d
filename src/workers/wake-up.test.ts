import assert from 'node:assert/strict';
import test from 'node:test';
import { createManualClock } from '../platform/manual-clock.ts';
import { repeat } from './repeat.ts';
import { createSlotBoard } from './slot-board.ts';
import { createWakeUp } from './wake-up.ts';

test('a signal ends a wait, and one given before is not lost', async () => {
  const clock = createManualClock();
  const wakeUp = createWakeUp(clock);
  wakeUp.signal();
  wakeUp.signal();
  await wakeUp.wait(1_000);
  let woken = false;
  const waiting = wakeUp.wait(1_000).then(() => {
    woken = true;
  });
  await clock.advance(999);
  assert.equal(woken, false, 'the signals before were one, and spent');
  wakeUp.signal();
  await waiting;
  assert.equal(clock.nextTimerAt(), undefined, 'no timer is left behind');
});

test('without a signal a wait ends after its time', async () => {
  const clock = createManualClock();
  const waiting = createWakeUp(clock).wait(1_000);
  await clock.advance(1_000);
  await waiting;
});

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

test('a board offers the providers that have a free slot, also ones that came later', () => {
  const providers = ['openai'];
  const board = createSlotBoard(() => providers, 2);
  board.occupy('openai');
  assert.deepEqual(board.free(), ['openai']);
  board.occupy('openai');
  providers.push('qwen');
  assert.deepEqual(board.free(), ['qwen']);
  assert.equal(board.freeCount(), 2);
  assert.deepEqual(board.slots(), { openai: 2, qwen: 2 });
  board.vacate('openai');
  assert.deepEqual(board.free(), ['openai', 'qwen']);
});
