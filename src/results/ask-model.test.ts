import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutToTokens, estimateTokens } from './ask-model.ts';

const mixed = fc
  .array(fc.constantFrom('harbour ', '港口', '😀', 'tiếng ', '\n\n', 'x'), {
    minLength: 1,
    maxLength: 400,
  })
  .map((parts) => parts.join('').repeat(5));

test('a text is cut to what it may have, in whole characters, whatever stands where in it', () => {
  fc.assert(
    fc.property(mixed, fc.integer({ min: 20, max: 600 }), (text, tokens) => {
      const cut = cutToTokens(text, tokens);
      assert.ok(estimateTokens(cut) <= tokens, cut);
      assert.ok(cut.isWellFormed());
      if (estimateTokens(text) <= tokens) assert.equal(cut, text);
      else assert.match(cut, /characters left out …\]$/);
    }),
  );
  const dense = '汉'.repeat(3_000) + 'x'.repeat(9_000);
  assert.ok(estimateTokens(cutToTokens(dense, 1_000)) <= 1_000);
  assert.ok(cutToTokens(dense, 1_000).length > 900);
});

test('what is left ends with a paragraph where one ends in its second half', () => {
  const text = `${'first '.repeat(60)}\n\n${'second '.repeat(20)}\n\n${'third '.repeat(60)}`;
  assert.match(cutToTokens(text, 200), /second \n\n\[… \d+ characters left out …\]$/);
  assert.match(cutToTokens(text, 0), /^\[… \d+ characters left out …\]$/);
});
