import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProvider } from '../find-provider.ts';
import { type DocumentedFailure, defineProviderContract } from '../provider.contract.ts';

const provider = findProvider('anthropic');
const usage = {
  input_tokens: 6,
  cache_creation_input_tokens: 2,
  cache_read_input_tokens: 4,
  output_tokens: 9,
  output_tokens_details: { thinking_tokens: 6 },
};
const event = (body: { type: string; [field: string]: unknown }) =>
  `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`;
const delta = (index: number, fields: object) =>
  event({ type: 'content_block_delta', index, delta: fields });

const error = (type: string, message: string, details?: object) => ({
  type: 'error',
  error: { type, message, ...(details === undefined ? {} : { details }) },
  request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy',
});

const failures: DocumentedFailure[] = [
  {
    name: 'a 429 for input tokens per minute',
    status: 429,
    headers: { 'retry-after': '12' },
    body: error(
      'rate_limit_error',
      "This request would exceed your organization's rate limit of 40,000 input tokens per minute.",
    ),
    expect: {
      kind: 'rate_limited',
      scope: 'account_model',
      retryable: true,
      dimension: 'itpm',
      limit: 40_000,
      retryAfterMs: 12_000,
    },
  },
  {
    name: 'a 429 for output tokens per minute',
    status: 429,
    body: error(
      'rate_limit_error',
      'You would exceed the rate limit of 8,000 output tokens per minute.',
    ),
    expect: { kind: 'rate_limited', dimension: 'otpm', limit: 8000 },
  },
  {
    name: 'a 429 for requests per minute',
    status: 429,
    body: error('rate_limit_error', 'You would exceed the rate limit of 50 requests per minute.'),
    expect: { kind: 'rate_limited', dimension: 'rpm', limit: 50 },
  },
  {
    name: 'a 429 whose headers alone tell which bucket is empty',
    status: 429,
    headers: {
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '12',
      'anthropic-ratelimit-output-tokens-limit': '8000',
      'anthropic-ratelimit-output-tokens-remaining': '0',
    },
    body: error('rate_limit_error', 'Rate limited.'),
    expect: { kind: 'rate_limited', dimension: 'otpm', limit: 8000 },
  },
  {
    name: "the spend cap's 429, which has no retry-after and lasts the month",
    status: 429,
    body: error('rate_limit_error', 'Spend limit reached.', {
      error_code: 'enforced_spend_limit_reached',
    }),
    expect: {
      kind: 'quota_exhausted',
      scope: 'account',
      retryable: true,
      code: 'enforced_spend_limit_reached',
      until: Date.parse('2026-12-01T00:00:00Z'),
      retryAfterMs: Date.parse('2026-12-01T00:00:00Z') - Date.parse('2026-11-21T12:00:00Z'),
    },
  },
  {
    name: "the organisation's own spend limit, a 400",
    status: 400,
    body: error(
      'invalid_request_error',
      'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
    ),
    expect: {
      kind: 'quota_exhausted',
      scope: 'account',
      until: Date.parse('2026-12-01T00:00:00Z'),
    },
  },
  {
    name: 'a credit balance that is too low, a 400 too',
    status: 400,
    body: error(
      'invalid_request_error',
      'Your credit balance is too low to access the Anthropic API.',
    ),
    expect: { kind: 'quota_exhausted', scope: 'account', retryable: false },
  },
  {
    name: 'the billing 402',
    status: 402,
    body: error('billing_error', 'Check your payment details.'),
    expect: { kind: 'quota_exhausted', scope: 'account', retryable: false },
  },
  {
    name: 'the overload 529',
    status: 529,
    body: error('overloaded_error', 'Overloaded'),
    expect: { kind: 'transient', scope: 'provider_model', retryable: true },
  },
  {
    name: 'a time-out of theirs',
    status: 504,
    body: error('timeout_error', 'Request timed out'),
    expect: { kind: 'transient', scope: 'request', retryable: true },
  },
  {
    name: 'an internal error',
    status: 500,
    body: error('api_error', 'Internal server error'),
    expect: { kind: 'transient', scope: 'request' },
  },
  {
    name: 'a prompt that is too long',
    status: 400,
    body: error('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    expect: { kind: 'caller', retryable: false, code: 'context_length_exceeded' },
  },
  {
    name: 'a body that is too large',
    status: 413,
    body: error('request_too_large', 'Request exceeds the maximum size'),
    expect: { kind: 'caller' },
  },
  {
    name: 'a wrong key',
    status: 401,
    body: error('authentication_error', 'invalid x-api-key'),
    expect: { kind: 'credential', scope: 'credential' },
  },
  {
    name: 'a key without the right to a model',
    status: 403,
    body: error('permission_error', 'Your API key does not have permission to use this model.'),
    expect: { kind: 'model_access', scope: 'account_model' },
  },
  {
    name: 'a key without another right',
    status: 403,
    body: error('permission_error', 'Your API key does not have permission to do that.'),
    expect: { kind: 'credential' },
  },
  {
    name: 'a model that does not exist',
    status: 404,
    body: error('not_found_error', 'model: claude-9'),
    expect: { kind: 'model_access' },
  },
];

defineProviderContract('anthropic', {
  provider,
  model: 'claude-opus-5-5',
  baseUrl: 'https://api.anthropic.com',
  answer: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-5-5',
    content: [
      { type: 'thinking', thinking: 'Hm', signature: 'c2ln' },
      { type: 'text', text: 'Hello', citations: null },
    ],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage,
  },
  stream: [
    event({
      type: 'message_start',
      message: { id: 'msg_1', model: 'claude-opus-5-5', usage: { ...usage, output_tokens: 1 } },
    }),
    event({ type: 'ping' }),
    delta(0, { type: 'thinking_delta', thinking: 'Hm' }),
    delta(1, { type: 'text_delta', text: 'Hel' }),
    delta(1, { type: 'text_delta', text: 'lo' }),
    event({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      usage: { output_tokens: 9 },
    }),
    event({ type: 'message_stop' }),
  ].join(''),
  usage: { input: 12, output: 9, cachedInput: 4, cacheWriteInput: 2, reasoning: 6 },
  reasoning: true,
  filtered: { id: 'msg_1', model: 'm', content: [], stop_reason: 'refusal', usage },
  failures,
});

const bodyOf = (fields: object) =>
  provider.buildCall(
    {
      model: 'claude-opus-5-5',
      messages: [{ role: 'user', content: 'Hi' }],
      maxOutputTokens: 4096,
      ...fields,
    },
    { stream: false, secret: 's', baseUrl: null },
  ).body;

test('the version header is sent with the key', () => {
  const { headers } = provider.buildProbe({ secret: 'k', baseUrl: null });
  assert.deepEqual([headers['x-api-key'], headers['anthropic-version']], ['k', '2023-06-01']);
});

test('a base address that ends with its version is not versioned twice', () => {
  const { url } = provider.buildProbe({ secret: 'k', baseUrl: 'https://proxy.example/v1/' });
  assert.equal(url, 'https://proxy.example/v1/models');
});

test("today's models think adaptively with an effort and are sent no temperature", () => {
  const body = bodyOf({ reasoning: 'medium', temperature: 0.5 });
  assert.deepEqual(body?.['thinking'], { type: 'adaptive', display: 'summarized' });
  assert.deepEqual(body?.['output_config'], { effort: 'medium' });
  assert.equal(body?.['temperature'], undefined);
});

test('thinking is switched off where it can be, and kept lowest where it cannot', () => {
  assert.deepEqual(bodyOf({ reasoning: 'off' })?.['thinking'], { type: 'disabled' });
  const fable = bodyOf({ model: 'claude-fable-5-1', reasoning: 'off' });
  assert.deepEqual([fable?.['thinking'], fable?.['output_config']], [undefined, { effort: 'low' }]);
});

test('models up to 4.5 take a budget that leaves half of the cap to the answer', () => {
  const haiku = { model: 'claude-haiku-4-5-20251001', reasoning: 'high' };
  assert.deepEqual(bodyOf(haiku)?.['thinking'], { type: 'enabled', budget_tokens: 2048 });
  assert.equal(bodyOf({ ...haiku, maxOutputTokens: 1500 })?.['thinking'], undefined);
});

test('models up to 4.6 take a temperature, but not while they think', () => {
  const older = { model: 'claude-sonnet-4-5', temperature: 0.5 };
  assert.equal(bodyOf(older)?.['temperature'], 0.5);
  assert.equal(bodyOf({ ...older, reasoning: 'low' })?.['temperature'], undefined);
  assert.equal(bodyOf({ ...older, model: 'claude-opus-4-20250514' })?.['temperature'], 0.5);
});

test('a schema is enforced from 4.5 on and asked for in words before', () => {
  const output = { type: 'json_schema', name: 'n', schema: { type: 'object', properties: {} } };
  assert.ok(bodyOf({ output })?.['output_config']);
  const old = bodyOf({ output, model: 'claude-3-5-haiku-20241022' });
  assert.equal(old?.['output_config'], undefined);
  assert.match(String(old?.['system']), /JSON schema/);
});

test('cache reads are free and the output cap reserves nothing', () => {
  const size = {
    inputCharacters: 4000,
    estimatedInput: 1000,
    estimatedCachedInput: 400,
    maxOutput: 100_000,
    predictedOutput: 500,
  };
  const charged = provider.charge(size);
  assert.deepEqual([charged.itpm, charged.otpm], [600, 500]);
  const spent = { input: 1100, output: 700, cachedInput: 800, cacheWriteInput: 100, reasoning: 0 };
  const settled = provider.settle(charged, spent);
  assert.deepEqual([settled.itpm, settled.otpm], [300, 700]);
});

test('limit headers are read per direction; the plain tokens only repeat one of them', () => {
  const headers = {
    'anthropic-ratelimit-requests-limit': '1000',
    'anthropic-ratelimit-requests-remaining': '999',
    'anthropic-ratelimit-requests-reset': '2026-11-21T12:00:01Z',
    'anthropic-ratelimit-input-tokens-limit': '2000000',
    'anthropic-ratelimit-input-tokens-remaining': '1999000',
    'anthropic-ratelimit-input-tokens-reset': '2026-11-21T12:00:02Z',
    'anthropic-ratelimit-tokens-limit': '2400000',
    'anthropic-ratelimit-tokens-remaining': '1',
  };
  assert.deepEqual(provider.readLimits(headers, 0), [
    {
      dimension: 'rpm',
      limit: 1000,
      remaining: 999,
      resetAtMs: Date.parse('2026-11-21T12:00:01Z'),
    },
    {
      dimension: 'itpm',
      limit: 2_000_000,
      remaining: 1_999_000,
      resetAtMs: Date.parse('2026-11-21T12:00:02Z'),
    },
  ]);
});

test('an overload inside the stream is an overload', () => {
  const reader = provider.createStreamReader();
  reader.push(event({ ...error('overloaded_error', 'Overloaded') }));
  assert.deepEqual(
    [reader.failure(0)?.kind, reader.failure(0)?.scope],
    ['transient', 'provider_model'],
  );
});

test('a refusal in a stream without text is a content failure', () => {
  const reader = provider.createStreamReader();
  reader.push(event({ type: 'message_delta', delta: { stop_reason: 'refusal' }, usage: null }));
  reader.push(event({ type: 'message_stop' }));
  assert.equal(reader.failure(0)?.kind, 'content');
});
