import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Judgement } from './judge-pair.ts';
import { tally, wilson } from './tally.ts';

const judged = (winner: Judgement['winner'], more: Partial<Judgement> = {}): Judgement => ({
  ...{ winner, flipped: false, unreadable: false, tokens: 0, nanoUsd: 0 },
  ...more,
});

test('a flip is a tie, and what nobody could read is in no count', () => {
  const counted = tally([
    judged('first'),
    judged('second'),
    judged(null),
    judged(null, { flipped: true }),
    judged(null, { unreadable: true }),
  ]);
  assert.deepEqual(
    [counted.wins, counted.ties, counted.losses, counted.flips, counted.judged],
    [1, 2, 1, 1, 4],
  );
  assert.equal(counted.score, 0.5);
});

test('the interval is that of the textbook, holds the share, and stays open where all won', () => {
  // Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 15 of 148 gives 0.0624 to 0.1605.
  for (const [successes, of, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
  ] as const) {
    const interval = wilson(successes, of);
    assert.ok(Math.abs(interval[0] - low) < 5e-5, String(interval));
    assert.ok(Math.abs(interval[1] - high) < 5e-5, String(interval));
  }
  const [low, high] = wilson(4, 4);
  assert.ok(low > 0.5 && low < 0.52);
  assert.ok(high > 0.999_999);
  assert.deepEqual(wilson(0, 0), [0, 1]);
});
