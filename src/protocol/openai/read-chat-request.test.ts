import assert from 'node:assert/strict';
import { test } from 'node:test';
import type OpenAI from 'openai';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { readOpenaiChatRequest } from './read-chat-request.ts';

const options = { defaultMaxOutputTokens: 4096 };
const plain = {
  model: 'openai/gpt-5.6-sol',
  messages: [{ role: 'user' as const, content: 'Hi' }],
} satisfies OpenAI.ChatCompletionCreateParams;
const read = (fields: object) => readOpenaiChatRequest({ ...plain, ...fields }, options);

test('the smallest request gets the default cap and nothing else', () => {
  assert.deepEqual(read({}), {
    request: { messages: plain.messages, maxOutputTokens: 4096 },
    model: 'openai/gpt-5.6-sol',
    stream: false,
    includeUsage: false,
    affinity: null,
  });
});

test('every field that can be carried is carried', () => {
  const full = {
    ...plain,
    messages: [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: 'c' },
    ],
    max_completion_tokens: 10,
    temperature: 0.2,
    top_p: 0.9,
    stop: 'END',
    seed: 3,
    user: 'u',
    reasoning_effort: 'xhigh',
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema: {}, strict: true } },
    stream: true,
    stream_options: { include_usage: true },
    prompt_cache_key: 'thread-1',
  } satisfies OpenAI.ChatCompletionCreateParams;
  assert.deepEqual(readOpenaiChatRequest(full, options), {
    request: {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'ab' },
        { role: 'assistant', content: 'c' },
      ],
      maxOutputTokens: 10,
      temperature: 0.2,
      topP: 0.9,
      stop: ['END'],
      seed: 3,
      output: { type: 'json_schema', name: 'n', schema: {} },
      reasoning: 'high',
      user: 'u',
    },
    model: 'openai/gpt-5.6-sol',
    stream: true,
    includeUsage: true,
    affinity: 'thread-1',
  });
});

test('the old max_tokens counts where the new one is not set', () => {
  assert.equal(read({ max_tokens: 5 }).request.maxOutputTokens, 5);
});

test('nulls, empty lists and neutral values that SDKs send unasked are accepted', () => {
  const sent = { n: 1, logprobs: false, tools: [], stop: null, store: false, temperature: null };
  assert.deepEqual(read(sent), read({}));
  const empty = { metadata: {}, logit_bias: {}, verbosity: 'medium', tool_choice: 'auto' };
  assert.deepEqual(read(empty), read({}));
  const echoed = { role: 'assistant', content: 'x', refusal: null, annotations: [], audio: null };
  assert.deepEqual(read({ messages: [echoed] }).request.messages, [
    { role: 'assistant', content: 'x' },
  ]);
});

test('reasoning that a client sends back is not passed on as context', () => {
  const echoed = { role: 'assistant', content: 'x', reasoning_content: 'secret thoughts' };
  assert.doesNotMatch(JSON.stringify(read({ messages: [echoed] })), /secret thoughts/);
});

const refused: [string, object][] = [
  ['tools', { tools: [{ type: 'function', function: { name: 'f' } }] }],
  ['n', { n: 2 }],
  ['logprobs', { logprobs: true }],
  ['presence_penalty', { presence_penalty: 0.5 }],
  ['logit_bias', { logit_bias: { 5: 1 } }],
  ['metadata', { metadata: { a: 'b' } }],
  ['modalities', { modalities: ['text', 'audio'] }],
  ['verbosity', { verbosity: 'high' }],
  ['thinking', { thinking: {} }],
  ['brand_new_field', { brand_new_field: 1 }],
  ['constructor', { constructor: 1 }],
  [
    'messages.0.content.1.type',
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'x' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          ],
        },
      ],
    },
  ],
  ['messages.0.role', { messages: [{ role: 'tool', content: 'x', tool_call_id: 'c' }] }],
  [
    'messages.0.tool_calls',
    { messages: [{ role: 'assistant', content: 'x', tool_calls: [{ id: 'c' }] }] },
  ],
  ['messages.0.name', { messages: [{ role: 'user', content: 'x', name: 'Ann' }] }],
  ['temperature', { temperature: 3 }],
  ['max_tokens', { max_tokens: 0 }],
  ['messages', { messages: [] }],
  ['model', { model: '' }],
  [
    'response_format.json_schema.schema',
    { response_format: { type: 'json_schema', json_schema: { name: 'n' } } },
  ],
];

for (const [where, fields] of refused) {
  test(`what cannot be carried is refused and named: ${where}`, () => {
    assert.throws(
      () => read(fields),
      (error) => {
        assert.ok(isHeadraceError(error));
        assert.equal(error.code, 'request_invalid');
        assert.equal(error.where, where);
        return true;
      },
    );
  });
}

test('a body that is no object is request_invalid', () => {
  for (const body of [null, 'x', [], undefined]) {
    assert.throws(
      () => readOpenaiChatRequest(body, options),
      (error) => isHeadraceError(error) && error.code === 'request_invalid',
    );
  }
});
