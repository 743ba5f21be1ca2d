import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from './parse-duration.ts';

test('durations are read with their units, one or several', () => {
  assert.equal(parseDuration('90s'), 90_000);
  assert.equal(parseDuration('1h30m'), 5_400_000);
  assert.equal(parseDuration('1.5h'), 5_400_000);
  assert.equal(parseDuration('500ms'), 500);
  assert.equal(parseDuration('2d'), 172_800_000);
});

test('a number without its unit is no duration: minutes to one are seconds to another', () => {
  for (const wrong of ['', '30', 'soon', '5 m', '-3m', '0s', '3x', 'm', '1h30']) {
    assert.equal(parseDuration(wrong), null, wrong);
  }
});
