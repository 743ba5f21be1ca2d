import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fitLine,
  formatElapsed,
  formatTime,
  formatUsd,
  printable,
  printableDeep,
} from './printable.ts';

test('a model cannot drive the terminal of its reader', () => {
  assert.equal(printable('a\u001b[2Jb\u0007c\u202ed\n\te'), 'a[2Jbcd\n\te');
  assert.deepEqual(printableDeep({ a: ['\u001b[31mx'] }), { a: ['[31mx'] });
});

test('a line fits its columns, wide characters counted twice', () => {
  assert.equal(fitLine('abc', 5), 'abc  ');
  assert.equal(fitLine('abcdef', 4), 'abc…');
  assert.equal(fitLine('中文字', 6), '中文字');
  assert.equal(fitLine('two\nlines', 9), 'two lines');
  // What is cut in the middle of a wide character is still as wide as the column.
  assert.equal(fitLine('中文字', 5), '中文…');
  assert.equal(fitLine('中文字', 4), '中… ');
  assert.equal(fitLine('👩‍💻 codes', 4), '👩‍💻 …');
});

test('times and money read as people write them', () => {
  assert.equal(formatElapsed(7_900), '0:07');
  assert.equal(formatElapsed(3_723_000), '1:02:03');
  assert.equal(formatUsd(0.01234), '$0.0123');
  assert.equal(formatUsd(null), 'no price known');
  assert.equal(formatTime('2026-11-21T15:12:55.555Z'), '2026-11-21 15:12');
  assert.equal(formatTime('openai'), 'openai');
});
