import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '../../results/index.ts';
import { isBetter } from './is-better.ts';

const verdict = (decision: Verdict['decision'], ...met: boolean[]): Verdict => ({
  decision,
  criteria: met.map((each, index) => ({ text: `c${index}`, met: each, evidence: '' })),
});

test('what mended a check that is a criterion only where it fails is better, though it meets no more', () => {
  const brokenOff = verdict('partial', true, true, false);
  const whole = verdict('pass', true, true);
  assert.equal(isBetter(whole, brokenOff), true);
  assert.equal(isBetter(brokenOff, whole), false);
  const stillShort = verdict('partial', true, false);
  assert.equal(isBetter(stillShort, verdict('partial', true, false, false)), true);
});

test('the first is the best so far, and a tie keeps the earlier one', () => {
  assert.equal(isBetter(verdict('fail', false), null), true);
  assert.equal(isBetter(verdict('partial', true, false), verdict('partial', false, true)), false);
  assert.equal(isBetter(verdict('pass', true), verdict('pass', true, true)), false);
  assert.equal(isBetter(verdict('partial', true, true), verdict('pass', true)), false);
});
