import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSseSplitter } from './sse.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function splitAll(body: Uint8Array, cuts: number[]) {
  const splitter = createSseSplitter();
  const bounds = [...new Set(cuts.map((cut) => cut % (body.length + 1)))].toSorted((a, b) => a - b);
  const pieces = [0, ...bounds].map((from, i) => body.subarray(from, bounds[i] ?? body.length));
  const messages = pieces.flatMap((piece) => splitter.push(piece));
  return { messages: [...messages, ...splitter.end()], stray: splitter.stray() };
}

test('messages come out whole however their bytes are cut, inside a character too', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '世', '🜂', ' ', '"') });
  const newline = fc.constantFrom('\n', '\r\n');
  fc.assert(
    fc.property(fc.array(text), newline, fc.array(fc.nat({ max: 2000 })), (texts, end, cuts) => {
      const body = texts.map((data) => `data: x${data}${end}${end}`).join('');
      const { messages } = splitAll(bytes(body), cuts);
      assert.deepEqual(
        messages.map(({ data }) => data),
        texts.map((data) => `x${data}`),
      );
    }),
  );
});

test('several messages in one chunk, named and unnamed, keep their order', () => {
  const { messages } = splitAll(bytes('event: ping\ndata: {}\n\ndata: a\n\ndata: b\n\n'), []);
  assert.deepEqual(messages, [
    { event: 'ping', data: '{}' },
    { event: null, data: 'a' },
    { event: null, data: 'b' },
  ]);
});

test('keep-alive comments and blank lines are no messages', () => {
  const { messages, stray } = splitAll(
    bytes(': keep-alive\n\n\n\n: keep-alive\n\ndata: a\n\n'),
    [],
  );
  assert.deepEqual(messages, [{ event: null, data: 'a' }]);
  assert.equal(stray, '');
});

test('a last message without its blank line counts, since Gemini ends at the end of file', () => {
  assert.deepEqual(splitAll(bytes('data: a\n\ndata: b'), []).messages.at(-1), {
    event: null,
    data: 'b',
  });
});

test('a bare document after the last message is kept apart, however it is cut', () => {
  const error = '{\n  "error": {\n    "code": 503\n  }\n}';
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 100 })), (cuts) => {
      assert.deepEqual(JSON.parse(splitAll(bytes(`data: a\n\n${error}`), cuts).stray), {
        error: { code: 503 },
      });
    }),
  );
});
