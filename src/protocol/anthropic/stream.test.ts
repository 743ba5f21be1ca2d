import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAnthropicStreamReader } from './stream.ts';

const sse = (...bodies: { type: string; [field: string]: unknown }[]) =>
  bodies.map((body) => `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`).join('');
const start = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    model: 'claude-opus-5-5',
    usage: { input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 1 },
  },
};
const delta = (fields: object) => ({ type: 'content_block_delta', index: 0, delta: fields });

function read(body: string) {
  const reader = createAnthropicStreamReader();
  return { events: [...reader.push(body), ...reader.end()], error: reader.error() };
}

test('named events with pings, thinking and signatures make one answer', () => {
  const { events, error } = read(
    sse(
      start,
      { type: 'ping' },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      delta({ type: 'thinking_delta', thinking: 'Hm' }),
      delta({ type: 'signature_delta', signature: 'abc' }),
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      delta({ type: 'text_delta', text: 'Yes' }),
      { type: 'an_event_of_tomorrow', text: 'ignored' },
      {
        type: 'message_delta',
        delta: { stop_reason: 'max_tokens' },
        usage: { output_tokens: 42, output_tokens_details: { thinking_tokens: 7 } },
      },
      { type: 'message_stop' },
    ),
  );
  assert.equal(error, null);
  assert.deepEqual(events, [
    { type: 'reasoning', text: 'Hm' },
    { type: 'text', text: 'Yes' },
    {
      type: 'end',
      id: 'msg_1',
      model: 'claude-opus-5-5',
      finishReason: 'length',
      usage: { input: 100, output: 42, cachedInput: 90, cacheWriteInput: 0, reasoning: 7 },
    },
  ]);
});

test('the usage of message_delta is cumulative and its nulls do not erase the input', () => {
  const { events } = read(
    sse(
      start,
      { type: 'message_delta', delta: {}, usage: { input_tokens: null, output_tokens: 5 } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
      { type: 'message_stop' },
    ),
  );
  const end = events.at(-1);
  assert.ok(end?.type === 'end');
  assert.deepEqual([end.usage?.input, end.usage?.output], [100, 9]);
});

test('an overload in the middle of the stream ends it in error', () => {
  const body = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  const { events, error } = read(sse(start, delta({ type: 'text_delta', text: 'x' }), body));
  assert.deepEqual(events.at(-1), {
    type: 'end',
    id: 'msg_1',
    model: 'claude-opus-5-5',
    finishReason: 'error',
    usage: null,
  });
  assert.deepEqual(error, { body, message: 'Overloaded' });
});

test('a stream without message_stop was cut, even after its stop reason', () => {
  const { events, error } = read(
    sse(start, { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: null }),
  );
  const end = events.at(-1);
  assert.ok(end?.type === 'end' && end.finishReason === 'error');
  assert.equal(error?.body, null);
});
