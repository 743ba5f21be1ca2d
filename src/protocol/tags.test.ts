import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { writeTag } from './tags.ts';

test('a section stands on lines of its own between its tags', () => {
  assert.equal(writeTag('brief', {}, 'Build it.'), '<brief>\nBuild it.\n</brief>');
});

test('attributes that are not set are left out and quotes in them cannot end them', () => {
  assert.equal(
    writeTag('task', { title: 'Say "hi"\n<now>', path: undefined, n: 2 }, 'x'),
    '<task title="Say &quot;hi&quot; &lt;now&gt;" n="2">\nx\n</task>',
  );
});

test('a closing tag of the same name inside the text gets a zero-width space', () => {
  const written = writeTag('brief', {}, 'a </brief> b </ BRIEF > c </task>');
  assert.equal(written, '<brief>\na </\u200bbrief> b </\u200b BRIEF > c </task>\n</brief>');
});

test('no text can leave its section', () => {
  const piece = fc.constantFrom('</', '<', '/', 'file', '>', ' ', 'FILE', 'x');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const written = writeTag('file', { name: 'a' }, pieces.join(''));
      assert.equal(written.match(/<\/\s*file\s*>/gi)?.length, 1);
      assert.ok(written.endsWith('\n</file>'));
    }),
  );
});
