import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProvider } from '../find-provider.ts';
import { type DocumentedFailure, defineProviderContract } from '../provider.contract.ts';

const provider = findProvider('openai');
const usage = {
  prompt_tokens: 12,
  completion_tokens: 9,
  total_tokens: 21,
  prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 6 },
};
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c1', model: 'gpt-5.6-sol', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;

const error = (code: string | null, type: string, message = 'Stated by the vendor.') => ({
  error: { message, type, param: null, code },
});
const billing = { kind: 'quota_exhausted', scope: 'account', retryable: false } as const;
const rateLimited = { kind: 'rate_limited', scope: 'account_model', retryable: true } as const;

const failures: DocumentedFailure[] = [
  {
    name: 'a 429 for tokens per minute, with its wait in the message',
    status: 429,
    body: error(
      'rate_limit_exceeded',
      'tokens',
      'Rate limit reached for gpt-5.6-sol in organization org-x on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s.',
    ),
    expect: { ...rateLimited, dimension: 'tpm', limit: 30_000, retryAfterMs: 2000 },
  },
  {
    name: 'a 429 for requests per minute, with Retry-After',
    status: 429,
    headers: { 'retry-after': '20' },
    body: error(
      'rate_limit_exceeded',
      'requests',
      'Rate limit reached for gpt-5.5 on requests per min (RPM): Limit 3, Used 3, Requested 1.',
    ),
    expect: { ...rateLimited, dimension: 'rpm', limit: 3, retryAfterMs: 20_000 },
  },
  {
    name: 'a 429 for requests per day',
    status: 429,
    body: error(
      'rate_limit_exceeded',
      'requests',
      'Rate limit reached on requests per day (RPD): Limit 200, Used 200, Requested 1. Please try again in 7m12s.',
    ),
    expect: { ...rateLimited, dimension: 'rpd', retryAfterMs: 432_000 },
  },
  {
    name: 'a request larger than the whole limit, which no wait helps',
    status: 429,
    body: error(
      'rate_limit_exceeded',
      'tokens',
      'Request too large for gpt-5.5 on tokens per min (TPM): Limit 10000, Requested 20000.',
    ),
    expect: { kind: 'rate_limited', scope: 'request', retryable: false, limit: 10_000 },
  },
  {
    name: 'the ramp limit slow_down',
    status: 429,
    body: error('slow_down', 'rate_limit_error'),
    expect: { ...rateLimited, dimension: null, code: 'slow_down' },
  },
  ...[
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
    'insufficient_quota',
  ].map((code) => ({
    name: `the billing 429 ${code}`,
    status: 429,
    body: error(code, 'insufficient_quota'),
    expect: { ...billing, code, provenance: 'stated' as const },
  })),
  {
    name: 'a billing 429 that has only its type',
    status: 429,
    body: error(null, 'insufficient_quota'),
    expect: billing,
  },
  {
    name: 'a bare 429',
    status: 429,
    body: '',
    expect: { ...rateLimited, provenance: 'guessed', code: 'http_429' },
  },
  {
    name: 'the overload 503',
    status: 503,
    body: error('server_is_overloaded', 'server_error'),
    expect: { kind: 'transient', scope: 'provider_model', retryable: true },
  },
  {
    name: 'a 500',
    status: 500,
    body: error(null, 'server_error'),
    expect: { kind: 'transient', scope: 'request', retryable: true },
  },
  {
    name: 'an input longer than the context',
    status: 400,
    body: error('context_length_exceeded', 'invalid_request_error'),
    expect: { kind: 'caller', scope: 'request', retryable: false, code: 'context_length_exceeded' },
  },
  {
    name: 'a wrong key',
    status: 401,
    body: error(
      'invalid_api_key',
      'invalid_request_error',
      'Incorrect API key provided: sk-abcd***wxyz.',
    ),
    expect: { kind: 'credential', scope: 'credential', retryable: false },
  },
  {
    name: 'a 401 with only its type',
    status: 401,
    body: error(null, 'invalid_request_error'),
    expect: { kind: 'credential' },
  },
  {
    name: 'a country that is not served',
    status: 403,
    body: error('unsupported_country_region_territory', 'request_forbidden'),
    expect: { kind: 'credential', scope: 'account' },
  },
  {
    name: 'a model that the account may not use',
    status: 404,
    body: error('model_not_found', 'invalid_request_error'),
    expect: { kind: 'model_access', scope: 'account_model', retryable: false },
  },
  {
    name: 'a prompt that the safety system refused',
    status: 400,
    body: error('content_policy_violation', 'invalid_request_error'),
    expect: { kind: 'content', scope: 'request', retryable: false },
  },
];

defineProviderContract('openai', {
  provider,
  model: 'gpt-5.6-sol',
  baseUrl: 'https://api.openai.com/v1',
  answer: {
    id: 'c1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-5.6-sol',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello', refusal: null },
        finish_reason: 'stop',
      },
    ],
    usage,
  },
  stream: `${chunk({ role: 'assistant', content: '' })}${chunk({ content: 'Hel' })}${chunk({ content: 'lo' })}${chunk({}, 'stop')}data: ${JSON.stringify({ id: 'c1', model: 'gpt-5.6-sol', choices: [], usage })}\n\ndata: [DONE]\n\n`,
  usage: { input: 12, output: 9, cachedInput: 4, cacheWriteInput: 2, reasoning: 6 },
  reasoning: false,
  filtered: {
    choices: [
      { index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'content_filter' },
    ],
  },
  failures,
});

const bodyOf = (fields: object) =>
  provider.buildCall(
    {
      model: 'gpt-5.6-sol',
      messages: [{ role: 'user', content: 'Hi' }],
      maxOutputTokens: 9,
      ...fields,
    },
    { stream: false, secret: 's', baseUrl: null },
  ).body;

test('a reasoning model gets max_completion_tokens, a developer prompt and no temperature', () => {
  const body = bodyOf({ temperature: 0.5, messages: [{ role: 'system', content: 'S' }] });
  assert.deepEqual(body, {
    model: 'gpt-5.6-sol',
    messages: [{ role: 'developer', content: 'S' }],
    max_completion_tokens: 9,
  });
});

test('with reasoning off the temperature is sent again', () => {
  const body = bodyOf({ temperature: 0.5, reasoning: 'off' });
  assert.deepEqual([body?.['reasoning_effort'], body?.['temperature']], ['none', 0.5]);
});

test('models that cannot switch reasoning off are asked for as little as they can', () => {
  assert.equal(bodyOf({ model: 'gpt-5', reasoning: 'off' })?.['reasoning_effort'], 'minimal');
  assert.equal(bodyOf({ model: 'o3', reasoning: 'off' })?.['reasoning_effort'], 'low');
});

test('models without reasoning are sent no effort, and old ones are asked for JSON in words', () => {
  const output = { type: 'json' };
  const chat = bodyOf({ model: 'gpt-4o', reasoning: 'high', output });
  assert.equal(chat?.['reasoning_effort'], undefined);
  assert.deepEqual(chat?.['response_format'], { type: 'json_object' });
  assert.equal(bodyOf({ model: 'gpt-4', output })?.['response_format'], undefined);
});

test('the tokens that count are the larger of the cap and a quarter of the characters, for good', () => {
  const size = {
    inputCharacters: 40_000,
    estimatedInput: 7000,
    estimatedCachedInput: 0,
    maxOutput: 2000,
    predictedOutput: 300,
  };
  const charged = provider.charge(size);
  assert.equal(charged.tpm, 10_000);
  assert.equal(provider.charge({ ...size, maxOutput: 16_000 }).tpm, 16_000);
  const spent = { input: 7100, output: 120, cachedInput: 0, cacheWriteInput: 0, reasoning: 0 };
  assert.equal(provider.settle(charged, spent).tpm, 10_000);
});

test('limit headers are read with their durations, the tighter of organisation and project', () => {
  const headers = {
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '59',
    'x-ratelimit-reset-requests': '1s',
    'x-ratelimit-limit-tokens': '150000',
    'x-ratelimit-remaining-tokens': '149984',
    'x-ratelimit-reset-tokens': '120ms',
    'x-ratelimit-limit-project-tokens': '50000',
    'x-ratelimit-remaining-project-tokens': '100',
    'x-ratelimit-reset-project-tokens': '6m0s',
  };
  assert.deepEqual(provider.readLimits(headers, 1000), [
    { dimension: 'rpm', limit: 60, remaining: 59, resetAtMs: 2000 },
    { dimension: 'tpm', limit: 50_000, remaining: 100, resetAtMs: 361_000 },
  ]);
});

test('a request limit that resets in hours is the one per day', () => {
  const headers = {
    'x-ratelimit-limit-requests': '200',
    'x-ratelimit-remaining-requests': '10',
    'x-ratelimit-reset-requests': '8h38m24s',
  };
  assert.equal(provider.readLimits(headers, 0)[0]?.dimension, 'rpd');
});

test('an error inside the stream is read by its code', () => {
  const reader = provider.createStreamReader();
  reader.push(`data: ${JSON.stringify(error('rate_limit_exceeded', 'tokens'))}\n\n`);
  assert.equal(reader.failure(0)?.kind, 'rate_limited');
});
