import assert from 'node:assert/strict';
import { test } from 'node:test';
import type OpenAI from 'openai';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { readOpenaiAnswer } from './response.ts';

const recorded = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_795_000_000,
  model: 'gpt-5.6-sol-2026-06-01',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hello', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: {
    prompt_tokens: 2006,
    completion_tokens: 300,
    total_tokens: 2306,
    prompt_tokens_details: { cached_tokens: 1920, cache_write_tokens: 12 },
    completion_tokens_details: { reasoning_tokens: 192 },
  },
} satisfies OpenAI.ChatCompletion;

test('an answer of the official type is read with cached and reasoning tokens', () => {
  assert.deepEqual(readOpenaiAnswer(recorded), {
    id: 'chatcmpl-1',
    model: 'gpt-5.6-sol-2026-06-01',
    text: 'Hello',
    reasoning: '',
    finishReason: 'stop',
    usage: { input: 2006, output: 300, cachedInput: 1920, cacheWriteInput: 12, reasoning: 192 },
  });
});

test('reasoning stands beside the content under either of its names', () => {
  for (const name of ['reasoning_content', 'reasoning']) {
    const message = { content: 'Yes', [name]: 'Hm' };
    const answer = readOpenaiAnswer({ choices: [{ message, finish_reason: 'stop' }] });
    assert.deepEqual([answer.text, answer.reasoning], ['Yes', 'Hm']);
  }
});

test("DeepSeek's cache hits count as cached input", () => {
  const usage = { prompt_tokens: 10, completion_tokens: 1, prompt_cache_hit_tokens: 8 };
  const answer = readOpenaiAnswer({ choices: [{ message: { content: 'x' } }], usage });
  assert.equal(answer.usage?.cachedInput, 8);
});

test("DashScope's cache creation counts as written input", () => {
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 1,
    prompt_tokens_details: { cached_tokens: 2, cache_creation_input_tokens: 5 },
  };
  const answer = readOpenaiAnswer({ choices: [{ message: { content: 'x' } }], usage });
  assert.deepEqual([answer.usage?.cachedInput, answer.usage?.cacheWriteInput], [2, 5]);
});

test('a refusal is text that a filter ended', () => {
  const message = { content: null, refusal: 'I cannot help with that.' };
  const answer = readOpenaiAnswer({ choices: [{ message, finish_reason: 'stop' }] });
  assert.deepEqual([answer.text, answer.finishReason], [message.refusal, 'content_filter']);
});

test("DeepSeek's insufficient_system_resource is an error, a new reason is unknown", () => {
  const reasonOf = (finish_reason: string) =>
    readOpenaiAnswer({ choices: [{ message: { content: 'x' }, finish_reason }] }).finishReason;
  assert.equal(reasonOf('insufficient_system_resource'), 'error');
  assert.equal(reasonOf('brand_new'), 'unknown');
});

test('a malformed answer is upstream_failed and names the path', () => {
  assert.throws(
    () => readOpenaiAnswer({ choices: [{ message: { content: 3 } }] }),
    (error) =>
      isHeadraceError(error) &&
      error.code === 'upstream_failed' &&
      error.where === 'choices.0.message.content',
  );
});
