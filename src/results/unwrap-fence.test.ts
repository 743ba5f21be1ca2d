import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFencedLines } from './fenced-lines.ts';
import { unwrapFence } from './unwrap-fence.ts';

test('a fence round the whole text is taken off, whatever code stands in Markdown', () => {
  assert.equal(unwrapFence('```json\n{"a": 1}\n```'), '{"a": 1}');
  assert.equal(unwrapFence('```\nplain\n```\n'), 'plain');
  assert.equal(
    unwrapFence('```markdown\n## A\n\n```sh\nls\n```\n\nEnd.\n```'),
    '## A\n\n```sh\nls\n```\n\nEnd.',
  );
  assert.equal(unwrapFence('````\n```sh\nls\n```\n````'), '```sh\nls\n```');
});

test('a text between two pieces of code stands in no fence', () => {
  assert.equal(unwrapFence('```sh\nls\n```\n\nThen:\n\n```sh\npwd\n```'), undefined);
  assert.equal(unwrapFence('```sh\nls\n```\n```sh\npwd\n```'), undefined);
  assert.equal(unwrapFence('Only text.'), undefined);
});

test('a fence ends with its own sign, at least as long, and alone', () => {
  const fenced = (...lines: string[]) => findFencedLines(lines).map(Number).join('');
  assert.equal(fenced('a', '```sh', '# b', '```', 'c'), '01110');
  assert.equal(fenced('~~~', '```', '# b', '~~~', 'c'), '11110');
  assert.equal(fenced('````', '```sh', '# b', '```', '# c', '````', 'd'), '1111110');
});
