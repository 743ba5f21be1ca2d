import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { cutText } from './cut-text.ts';

test('a text that fits stays as it is', () => {
  assert.equal(cutText('Bánh xe nước', 16), 'Bánh xe nước');
});

test('a long text is cut between paragraphs and says how much is left out', () => {
  const text = `${'a'.repeat(60)}\n\n${'b'.repeat(60)}\n\n${'c'.repeat(600)}`;
  const cut = cutText(text, 220);
  assert.equal(cut, `${'a'.repeat(60)}\n\n${'b'.repeat(60)}\n\n[… 602 characters left out …]`);
});

test('where no border lies in the second half, the cut goes through a line', () => {
  const cut = cutText('word '.repeat(100), 200);
  assert.match(cut, /^(word )+w?o?r?d?\n\n\[… \d+ characters left out …\]$/);
});

test('the cut text fits, begins like the text, and counts what it leaves out', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 30 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 48, max: 500 }), (paragraphs, limit) => {
      const text = paragraphs.join('\n\n');
      const cut = cutText(text, limit);
      assert.ok(Buffer.byteLength(cut) <= limit);
      if (cut === text) return;
      const [, kept = '', left = ''] =
        /^([\s\S]*?)(?:\n\n)?\[… (\d+) characters left out …\]$/.exec(cut) ?? [];
      assert.ok(text.startsWith(kept));
      assert.equal(kept.length + Number(left), text.length);
    }),
  );
});
