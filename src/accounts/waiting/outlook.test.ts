import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createOutlook } from './outlook.ts';

const second = 1000;

function open() {
  let time = 1_700_000_000_000;
  const outlook = createOutlook(() => time);
  const pass = (ms: number) => {
    time += ms;
  };
  return { outlook, pass };
}

it('spreads what is left over the minute in which nothing comes back', () => {
  const { outlook, pass } = open();
  outlook.spend(30_000);
  pass(10 * second);
  // The burst is back after a minute and its cell: 51 s from now.
  assert.ok(Math.abs(outlook.rate(30_000) - 30_000 / (50 * second)) < 1e-9);
});

it('goes on as evenly as before where everything comes back as it goes out', () => {
  const { outlook, pass } = open();
  for (let at = 0; at < 120; at += 1) {
    outlook.spend(500);
    pass(second);
  }
  const rate = outlook.rate(0);
  assert.ok(rate > 0.9 * (500 / second) && rate <= 500 / second, `${rate}`);
});

it('forgets what was spent when the clock jumps', () => {
  const { outlook, pass } = open();
  outlook.spend(1_000_000);
  pass(-10 * second);
  assert.equal(outlook.rate(600), 600 / (60 * second));
  outlook.spend(1_000_000);
  pass(3_600 * second);
  assert.equal(outlook.rate(600), 600 / (60 * second));
});

it('never runs dry at its rate before what was spent comes back', () => {
  const cells = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 61, maxLength: 61 });
  fc.assert(
    fc.property(cells, fc.integer({ min: 0, max: 100_000 }), (spends, room) => {
      const { outlook, pass } = open();
      for (const [index, amount] of spends.entries()) {
        if (index > 0) pass(second);
        outlook.spend(amount);
      }
      const rate = outlook.rate(room);
      let left = room;
      for (let ahead = 1; ahead <= 60; ahead += 1) {
        left += spends[ahead - 1] ?? 0;
        if (ahead >= 5) assert.ok(rate * ahead * second <= left + 1e-6);
      }
    }),
  );
});
