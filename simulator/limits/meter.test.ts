import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBucket, createFixedWindow, createSlidingWindow, endOfPacificDay } from './meter.ts';

const minute = 60_000;

test('a bucket refills continuously and is full after a whole period', () => {
  const bucket = createBucket(60, minute);
  bucket.take(0, 60);
  assert.equal(bucket.room(0), 0);
  assert.equal(bucket.room(1_000), 1);
  assert.equal(bucket.waitFor(1_000, 3), 2_000);
  assert.equal(bucket.fullAfter(1_000), 59_000);
  assert.equal(bucket.room(10 * minute), 60);
});

test('a sliding window gives back exactly what leaves it', () => {
  const window = createSlidingWindow(10, minute);
  window.take(0, 6);
  window.take(30_000, 4);
  assert.equal(window.room(59_999), 0);
  assert.equal(window.waitFor(59_000, 5), 1_000);
  assert.equal(window.room(60_000), 6);
  assert.equal(window.waitFor(60_000, 8), 30_000);
});

test('a fixed window starts anew at its border', () => {
  const window = createFixedWindow(2, (now) => (Math.floor(now / minute) + 1) * minute);
  window.take(59_000, 2);
  assert.equal(window.waitFor(59_000, 1), 1_000);
  assert.equal(window.room(60_000), 2);
});

test('what is larger than the limit never fits', () => {
  const endOf = (now: number) => now + minute;
  for (const meter of [
    createBucket(5, minute),
    createSlidingWindow(5, minute),
    createFixedWindow(5, endOf),
  ]) {
    assert.equal(meter.waitFor(0, 6), Number.POSITIVE_INFINITY);
  }
});

test('after the wait that a meter names, the amount fits', () => {
  const makers = [createBucket, createSlidingWindow];
  fc.assert(
    fc.property(
      fc.nat(1),
      fc.array(fc.tuple(fc.nat(20_000), fc.integer({ min: 1, max: 40 })), { maxLength: 30 }),
      fc.integer({ min: 1, max: 100 }),
      (kind, takings, amount) => {
        const meter = makers[kind]!(100, minute);
        let now = 0;
        for (const [pause, taken] of takings) {
          now += pause;
          if (meter.room(now) >= taken) meter.take(now, taken);
        }
        const wait = meter.waitFor(now, amount);
        assert.ok(meter.room(now + Math.ceil(wait)) >= amount);
      },
    ),
  );
});

test("Gemini's day ends at midnight in Los Angeles, in winter and in summer", () => {
  assert.equal(endOfPacificDay(Date.UTC(2026, 0, 15, 12)), Date.UTC(2026, 0, 16, 8));
  assert.equal(endOfPacificDay(Date.UTC(2026, 6, 15, 12)), Date.UTC(2026, 6, 16, 7));
});
