import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createSlidingWindow } from './sliding-window.ts';

const shape = { periodMs: 60_000, cellMs: 100, guardMs: () => 0, maxGuardMs: 500 };

it('counts what a plain list of spends counts, rounded to cells', () => {
  const step = fc.record({
    ms: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 200_000 })),
    amount: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const window = createSlidingWindow(shape);
      const spends: { at: number; amount: number }[] = [];
      let now = 1_700_000_000_000;
      for (const { ms, amount } of steps) {
        now += ms;
        window.add(now, amount, now);
        spends.push({ at: now, amount });
        const expected = spends
          .filter(({ at }) => (Math.floor(at / 100) + 1) * 100 + 60_000 > now)
          .reduce((sum, spend) => sum + spend.amount, 0);
        assert.equal(window.used(now), expected);
      }
      assert.equal(window.used(now + 60_100), 0);
    }),
  );
});

it('knows the most that was in it between two moments of the last period', () => {
  const spend = fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 1, max: 50 }));
  const moments = fc.tuple(
    fc.integer({ min: 0, max: 59_000 }),
    fc.integer({ min: 0, max: 59_000 }),
  );
  fc.assert(
    fc.property(fc.array(spend, { minLength: 1, maxLength: 150 }), moments, (steps, ago) => {
      const window = createSlidingWindow(shape);
      const used: { at: number; amount: number }[] = [];
      let now = 1_700_000_000_000;
      for (const [ms, amount] of steps) {
        now += ms;
        window.add(now, amount, now);
        used.push({ at: now, amount: window.used(now) });
      }
      const [to, from] = [now - Math.min(...ago), now - Math.max(...ago)];
      const seen = used.filter(({ at }) => at >= from && at <= to).map(({ amount }) => amount);
      const most = window.mostUsed(from, to, now);
      assert.ok(most >= Math.max(0, ...seen), `${most} of ${seen}`);
      const all = used.filter(({ at }) => at <= to + 100).map(({ amount }) => amount);
      assert.ok(most <= Math.max(0, ...all), `${most} of ${all}`);
    }),
  );
  const window = createSlidingWindow(shape);
  assert.equal(window.mostUsed(0, 1000, 1_000_000), Number.POSITIVE_INFINITY);
});

it('keeps a spend longer by the guard', () => {
  const window = createSlidingWindow({ ...shape, guardMs: () => 300 });
  window.add(1000, 5, 1000);
  assert.equal(window.used(61_399), 5);
  assert.equal(window.used(61_400), 0);
});

it('counts all of it as spent now when the clock is set back', () => {
  const window = createSlidingWindow(shape);
  window.add(10_000_000, 7, 10_000_000);
  window.add(10_050_000, 3, 10_050_000);
  const earlier = 10_050_000 - 3_600_000;
  assert.equal(window.used(earlier), 10);
  assert.equal(window.used(earlier + 59_000), 10);
  assert.equal(window.used(earlier + 60_100), 0);
});
