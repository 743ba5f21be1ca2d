import assert from 'node:assert/strict';
import test from 'node:test';
import { createManualClock } from '../platform/manual-clock.ts';
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
