import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProvider } from '../find-provider.ts';
import { type DocumentedFailure, defineProviderContract } from '../provider.contract.ts';

const provider = findProvider('deepseek');
const usage = {
  prompt_tokens: 12,
  completion_tokens: 9,
  total_tokens: 21,
  prompt_cache_hit_tokens: 4,
  prompt_cache_miss_tokens: 8,
  completion_tokens_details: { reasoning_tokens: 6 },
};
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c1', model: 'deepseek-v4-pro', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const error = (message: string, code = 'invalid_request_error') => ({
  error: { message, type: code, param: null, code },
});

const failures: DocumentedFailure[] = [
  {
    name: 'a 429, which can only be for calls at once',
    status: 429,
    body: error('Too many requests', 'rate_limit_reached'),
    expect: {
      kind: 'rate_limited',
      scope: 'account_model',
      dimension: 'concurrency',
      retryable: true,
    },
  },
  {
    name: 'an empty balance',
    status: 402,
    body: error('Insufficient Balance', 'unknown_error'),
    expect: { kind: 'quota_exhausted', scope: 'account', retryable: false },
  },
  {
    name: 'a wrong key',
    status: 401,
    body: error('Authentication Fails', 'authentication_error'),
    expect: { kind: 'credential', scope: 'credential' },
  },
  { name: 'a wrong body', status: 400, body: error('Invalid format'), expect: { kind: 'caller' } },
  {
    name: 'a wrong parameter',
    status: 422,
    body: error('Invalid parameters'),
    expect: { kind: 'caller' },
  },
  {
    name: 'a prompt longer than the context',
    status: 400,
    body: error("This model's maximum context length is 1000000 tokens."),
    expect: { kind: 'caller', code: 'context_length_exceeded' },
  },
  {
    name: 'a retired model',
    status: 400,
    body: error('Model Not Exist'),
    expect: { kind: 'model_access', scope: 'account_model' },
  },
  {
    name: 'a prompt that the filter refused',
    status: 400,
    body: error('Content Exists Risk'),
    expect: { kind: 'content', retryable: false },
  },
  { name: 'a 500', status: 500, body: '', expect: { kind: 'transient', scope: 'request' } },
  {
    name: 'an overload',
    status: 503,
    body: error('Server overloaded', 'service_unavailable'),
    expect: { kind: 'transient', scope: 'provider_model' },
  },
];

const answer = (message: object, finish_reason = 'stop') => ({
  id: 'c1',
  model: 'deepseek-v4-pro',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
  usage,
});

defineProviderContract('deepseek', {
  provider,
  model: 'deepseek-v4-pro',
  baseUrl: 'https://api.deepseek.com',
  answer: answer({ content: 'Hello', reasoning_content: 'Hm' }),
  stream: `: keep-alive\n\n\n${chunk({ role: 'assistant', content: null, reasoning_content: 'Hm' })}: keep-alive\n\n${chunk({ content: 'Hel' })}${chunk({ content: 'lo' })}data: ${JSON.stringify({ id: 'c1', model: 'deepseek-v4-pro', choices: [{ index: 0, delta: { content: '' }, finish_reason: 'stop' }], usage })}\n\ndata: [DONE]\n\n`,
  usage: { input: 12, output: 9, cachedInput: 4, cacheWriteInput: 0, reasoning: 6 },
  reasoning: true,
  filtered: answer({ content: '' }, 'content_filter'),
  failures,
});

const bodyOf = (fields: object) =>
  provider.buildCall(
    {
      model: 'deepseek-v4-pro',
      messages: [{ role: 'user', content: 'Hi' }],
      maxOutputTokens: 64,
      ...fields,
    },
    { stream: false, secret: 's', baseUrl: null },
  ).body;
const readText = (body: string) => provider.readReply({ status: 200, headers: {}, body }, 0);

test('thinking is switched by its type, with the three efforts that exist', () => {
  const switches = (reasoning: string) => {
    const body = bodyOf({ reasoning });
    return [body?.['thinking'], body?.['reasoning_effort']];
  };
  assert.deepEqual(switches('off'), [{ type: 'disabled' }, undefined]);
  assert.deepEqual(switches('low'), [{ type: 'enabled' }, 'low']);
  assert.deepEqual(switches('medium'), [{ type: 'enabled' }, 'high']);
  assert.deepEqual(switches('high'), [{ type: 'enabled' }, 'max']);
});

test('a temperature, which thinking silently ignores, is sent only without it', () => {
  assert.equal(bodyOf({ temperature: 0.5 })?.['temperature'], undefined);
  assert.equal(bodyOf({ temperature: 0.5, reasoning: 'off' })?.['temperature'], 0.5);
});

test('a schema becomes JSON mode with the schema in words', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const body = bodyOf({ output: { type: 'json_schema', name: 'n', schema } });
  assert.deepEqual(body?.['response_format'], { type: 'json_object' });
  assert.ok(JSON.stringify(body?.['messages']).includes('JSON schema'));
});

test('the end user goes under user_id', () => {
  assert.equal(bodyOf({ user: 'u1' })?.['user_id'], 'u1');
});

test('blank lines before a body, sent while it was queued, are no part of it', () => {
  const reading = readText(`\n\n\n${JSON.stringify(answer({ content: 'Hello' }))}`);
  assert.ok(reading.ok && reading.answer.text === 'Hello');
});

test('an answer of nothing but spaces, as JSON mode now and then gives, is transient', () => {
  for (const [content, reason] of [
    ['', 'stop'],
    ['  \n \n', 'stop'],
    [' '.repeat(100), 'length'],
  ] as const) {
    const reading = readText(JSON.stringify(answer({ content }, reason)));
    assert.ok(!reading.ok);
    assert.deepEqual([reading.failure.kind, reading.failure.code], ['transient', 'answer_blank']);
  }
});

test('an answer whose whole cap went into reasoning is not blank but cut', () => {
  const reading = readText(
    JSON.stringify(answer({ content: '', reasoning_content: 'Hm' }, 'length')),
  );
  assert.ok(reading.ok && reading.answer.finishReason === 'length');
});

test('a stream of nothing but spaces shows no text and is transient', () => {
  const reader = provider.createStreamReader();
  const events = reader.push(
    `${chunk({ content: '  \n' })}${chunk({ content: ' ' }, 'stop')}data: [DONE]\n\n`,
  );
  assert.equal(
    events.some(({ type }) => type === 'text'),
    false,
  );
  assert.equal(reader.failure(0)?.code, 'answer_blank');
});

test('leading blanks of a stream come out with the text that follows', () => {
  const reader = provider.createStreamReader();
  const events = reader.push(
    chunk({ content: '\n ' }) + chunk({ content: 'x' }) + chunk({ content: ' ' }),
  );
  assert.deepEqual(events, [
    { type: 'text', text: '\n x' },
    { type: 'text', text: ' ' },
  ]);
});

test('insufficient_system_resource is transient, streamed or not', () => {
  const reason = 'insufficient_system_resource';
  const reading = readText(JSON.stringify(answer({ content: 'Hal' }, reason)));
  assert.ok(!reading.ok && reading.failure.kind === 'transient');
  const reader = provider.createStreamReader();
  reader.push(`${chunk({ content: 'Hal' })}${chunk({}, reason)}data: [DONE]\n\n`);
  assert.deepEqual(
    [reader.failure(0)?.kind, reader.failure(0)?.code],
    ['transient', 'answer_incomplete'],
  );
});

test('only calls at once are enforced', () => {
  assert.deepEqual(provider.limits.enforced, ['concurrency']);
});
