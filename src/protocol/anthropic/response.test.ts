import assert from 'node:assert/strict';
import { test } from 'node:test';
import type Anthropic from '@anthropic-ai/sdk';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { readAnthropicAnswer } from './response.ts';

const recorded = {
  id: 'msg_01',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-5-5',
  container: null,
  diagnostics: null,
  stop_details: null,
  content: [
    { type: 'thinking', thinking: 'Hm', signature: 'sig' },
    { type: 'redacted_thinking', data: 'opaque' },
    { type: 'text', text: 'Hel', citations: null },
    { type: 'text', text: 'lo', citations: null },
  ],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: {
    input_tokens: 50,
    cache_creation_input_tokens: 200,
    cache_read_input_tokens: 1000,
    cache_creation: null,
    output_tokens: 80,
    output_tokens_details: { thinking_tokens: 30 },
    inference_geo: null,
    server_tool_use: null,
    service_tier: 'standard',
    speed: null,
  },
} satisfies Anthropic.Message;

test('an answer of the official type is read, thinking apart from text', () => {
  const answer = readAnthropicAnswer(recorded);
  assert.deepEqual(
    [answer.id, answer.model, answer.text, answer.reasoning, answer.finishReason],
    ['msg_01', 'claude-opus-5-5', 'Hello', 'Hm', 'stop'],
  );
});

test('input_tokens counts only what follows the last cache breakpoint, so the input is the sum', () => {
  assert.deepEqual(readAnthropicAnswer(recorded).usage, {
    input: 1250,
    output: 80,
    cachedInput: 1000,
    cacheWriteInput: 200,
    reasoning: 30,
  });
});

const reasons = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
  pause_turn: 'unknown',
} as const satisfies Record<Anthropic.StopReason, string>;

for (const [reason, expected] of Object.entries(reasons)) {
  test(`stop_reason ${reason} is read as ${expected}`, () => {
    assert.equal(readAnthropicAnswer({ ...recorded, stop_reason: reason }).finishReason, expected);
  });
}

test('a malformed answer is upstream_failed and names the path', () => {
  assert.throws(
    () => readAnthropicAnswer({ content: [{ text: 'x' }] }),
    (error) => isHeadraceError(error) && error.where === 'content.0.type',
  );
});
