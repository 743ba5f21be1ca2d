import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StreamEvent } from './canonical.ts';
import { createOpenaiStreamReader } from './openai/stream.ts';
import { createThinkingReader, splitThinking } from './think-tags.ts';

test('a leading think block is reasoning and the rest is the text', () => {
  assert.deepEqual(splitThinking('<think>\nHm.\n</think>\n\nYes.'), {
    reasoning: 'Hm.',
    text: 'Yes.',
  });
});

test('a lone closing tag ends the reasoning that the template opened', () => {
  assert.deepEqual(splitThinking('Hm.</think>Yes.'), { reasoning: 'Hm.', text: 'Yes.' });
});

test('a closing tag that is spoken of ends nothing', () => {
  for (const text of [
    'A lone `</think>` ends it.',
    "text.indexOf('</think>')",
    String.raw`/<\/think>/`,
    'const end = "</think>";',
  ]) {
    assert.deepEqual(splitThinking(text), { reasoning: '', text });
  }
});

test('an answer cut while it thinks has no text', () => {
  assert.deepEqual(splitThinking('<think>Hm, so'), { reasoning: 'Hm, so', text: '' });
});

test('text without tags is left as it is, its blanks too', () => {
  assert.deepEqual(splitThinking('  a < b'), { reasoning: '', text: '  a < b' });
});

function readAll(pieces: string[]): StreamEvent[] {
  const reader = createThinkingReader(createOpenaiStreamReader());
  const chunk = (content: string, finish_reason: string | null) =>
    `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason }] })}\n\n`;
  return [
    ...pieces.flatMap((piece) => reader.push(chunk(piece, null))),
    ...reader.push(`${chunk('', 'stop')}data: [DONE]\n\n`),
    ...reader.end(),
  ];
}

const joined = (events: StreamEvent[], type: 'text' | 'reasoning') =>
  events.map((event) => (event.type === type ? event.text : '')).join('');

test('a streamed think block is split off wherever the deltas cut its tags', () => {
  const text = '<think>Is 1 < 2? </thin… yes</think>\n\nIt is < 2.';
  fc.assert(
    fc.property(fc.array(fc.nat({ max: text.length })), (cuts) => {
      const bounds = [...new Set(cuts)].toSorted((a, b) => a - b);
      const pieces = [0, ...bounds].map((from, i) => text.slice(from, bounds[i] ?? text.length));
      const events = readAll(pieces);
      assert.equal(joined(events, 'reasoning'), 'Is 1 < 2? </thin… yes');
      assert.equal(joined(events, 'text').trimStart(), 'It is < 2.');
      assert.equal(events.at(-1)?.type, 'end');
    }),
  );
});

test('streamed text without a block passes unchanged, even where it begins like one', () => {
  assert.equal(joined(readAll(['<', 'th', 'ing> x']), 'text'), '<thing> x');
  assert.equal(joined(readAll(['<th']), 'text'), '<th');
});
