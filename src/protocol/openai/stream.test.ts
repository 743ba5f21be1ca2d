import assert from 'node:assert/strict';
import { test } from 'node:test';
import type OpenAI from 'openai';
import { createOpenaiStreamReader } from './stream.ts';

type Chunk = OpenAI.ChatCompletionChunk;
const chunk = (fields: Partial<Chunk>): Chunk => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm1',
  choices: [],
  ...fields,
});
const delta = (fields: object, finish_reason: Chunk['choices'][number]['finish_reason'] = null) =>
  chunk({ choices: [{ index: 0, delta: fields, finish_reason, logprobs: null }] });
const sse = (...bodies: (object | string)[]) =>
  bodies
    .map((body) => `data: ${typeof body === 'string' ? body : JSON.stringify(body)}\n\n`)
    .join('');

function read(...pushes: string[]) {
  const reader = createOpenaiStreamReader();
  const events = [...pushes.flatMap((text) => reader.push(text)), ...reader.end()];
  return { events, error: reader.error() };
}

const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };

test('deltas, the usage chunk without choices and [DONE] make an answer that ends once', () => {
  const { events, error } = read(
    sse(delta({ role: 'assistant', content: '' }), delta({ content: 'Hel' })),
    sse(delta({ content: 'lo' }), delta({}, 'stop'), chunk({ usage }), '[DONE]'),
  );
  assert.deepEqual(events, [
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'lo' },
    {
      type: 'end',
      id: 'c1',
      model: 'm1',
      finishReason: 'stop',
      usage: { input: 5, output: 2, cachedInput: 0, cacheWriteInput: 0, reasoning: 0 },
    },
  ]);
  assert.equal(error, null);
});

test("DeepSeek's keep-alive comments and blank lines while queued are no events", () => {
  const { events } = read(
    ': keep-alive\n\n',
    '\n\n\n',
    sse(delta({ content: 'x' }, 'stop'), '[DONE]'),
  );
  assert.deepEqual(
    events.map(({ type }) => type),
    ['text', 'end'],
  );
});

test('reasoning_content comes as reasoning, before the text', () => {
  const { events } = read(
    sse(delta({ reasoning_content: 'Hm' }), delta({ content: 'Yes' }, 'stop'), '[DONE]'),
  );
  assert.deepEqual(events.slice(0, 2), [
    { type: 'reasoning', text: 'Hm' },
    { type: 'text', text: 'Yes' },
  ]);
});

test('a stream that is cut ends in error without usage', () => {
  const { events, error } = read(sse(delta({ content: 'Hal' })), 'data: {"choices":[{"del');
  assert.deepEqual(events.at(-1), {
    type: 'end',
    id: 'c1',
    model: 'm1',
    finishReason: 'error',
    usage: null,
  });
  assert.equal(error?.body, null);
});

test('a host that leaves out [DONE] after its finish reason has ended all the same', () => {
  const { events, error } = read(sse(delta({ content: 'x' }), delta({}, 'length')));
  assert.equal(error, null);
  const last = events.at(-1);
  assert.equal(last?.type === 'end' && last.finishReason, 'length');
});

test('an error in the middle of the stream ends it and keeps its document', () => {
  const body = { error: { message: 'overloaded', type: 'server_error', code: null, param: null } };
  const { events, error } = read(sse(delta({ content: 'x' }), body, delta({ content: 'y' })));
  assert.deepEqual(
    events.map(({ type }) => type),
    ['text', 'end'],
  );
  assert.deepEqual(error, { body, message: 'overloaded' });
});

test('a chunk of another shape ends the stream in error', () => {
  const { events, error } = read(sse({ choices: [{ delta: { content: 5 } }] }));
  assert.equal(events.length, 1);
  assert.match(error?.message ?? '', /choices\.0\.delta\.content/);
});

test('a bare error document instead of a stream is kept', () => {
  const { error } = read('{"error": {"message": "no"}}');
  assert.deepEqual(error?.body, { error: { message: 'no' } });
});
