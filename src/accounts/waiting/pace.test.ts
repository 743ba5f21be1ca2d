import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createPace } from './pace.ts';

const perMs = 1;
const limit = 60_000;

function open() {
  let time = 1_700_000_000_000;
  const pace = createPace(() => time);
  /** Seconds in which every process spends its share and reads what is used. */
  const run = (seconds: number, used: (second: number) => number) => {
    let turnMs = 0;
    for (let second = 0; second < seconds; second += 1) {
      const now = Math.min(limit, used(second));
      pace.read({ perMs, used: now, left: limit - now });
      turnMs = pace.msFor(500);
      pace.take(500);
      time += 1000;
    }
    return 500 / turnMs;
  };
  return { pace, run };
}

it('leaves to another process what comes back of that one, and takes it over when it dies', () => {
  const { run } = open();
  // Both spend half; from the second minute on the windows are full.
  const shared = run(120, (second) => second * 1000);
  assert.ok(shared > 0.4 && shared < 0.7, `${shared}`);
  const alone = run(20, (second) => limit - second * 500);
  assert.ok(alone > 0.85, `${alone}`);
});

it('says that it is outrun while more is asked for than it gives', () => {
  const { pace, run } = open();
  run(1, () => 0);
  assert.equal(pace.isOutrun(), false);
  for (let call = 0; call < 100; call += 1) pace.ask(500);
  assert.equal(pace.isOutrun(), true);
});
