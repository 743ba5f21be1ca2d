import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from './parse-duration.ts';

test('durations are read with their units, a bare number as minutes', () => {
  assert.equal(parseDuration('90s'), 90_000);
  assert.equal(parseDuration('1h30m'), 5_400_000);
  assert.equal(parseDuration('30'), 1_800_000);
});

test('what is no duration is refused with an example', () => {
  for (const wrong of ['', 'soon', '5 m', '-3m', '0s', '3x']) {
    assert.throws(() => parseDuration(wrong), { code: 'usage' }, wrong);
  }
});
