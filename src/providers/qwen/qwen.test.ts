import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProvider } from '../find-provider.ts';
import { type DocumentedFailure, defineProviderContract } from '../provider.contract.ts';

const provider = findProvider('qwen');
const usage = {
  prompt_tokens: 12,
  completion_tokens: 9,
  total_tokens: 21,
  prompt_tokens_details: { cached_tokens: 4, cache_creation_input_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 6 },
};
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c1', model: 'qwen3.8-max', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const compatible = (code: string, message = 'Stated by the vendor.') => ({
  error: { message, type: code, param: null, code },
  request_id: 'r1',
});
const native = (code: string, message = 'Stated by the vendor.') => ({
  code,
  message,
  request_id: 'r1',
});

const throttles = [
  ['Throttling.RateQuota', 'limit_requests', 'rpm'],
  ['Throttling.AllocationQuota', 'insufficient_quota', 'tpm'],
  ['Throttling.BurstRate', 'limit_burst_rate', null],
] as const;

const failures: DocumentedFailure[] = [
  ...throttles.flatMap(([nativeCode, compatibleCode, dimension]) =>
    [native(nativeCode), compatible(compatibleCode)].map((body, index) => ({
      name: `the passing throttle ${index === 0 ? nativeCode : compatibleCode}`,
      status: 429,
      body,
      expect: { kind: 'rate_limited', scope: 'account_model', retryable: true, dimension } as const,
    })),
  ),
  ...['CommodityNotPurchased', 'PrepaidBillOverdue', 'PostpaidBillOverdue'].map((code) => ({
    name: `the permanent 429 ${code}`,
    status: 429,
    body: compatible(code),
    expect: { kind: 'quota_exhausted', scope: 'account', retryable: false } as const,
  })),
  {
    name: 'an account in arrears',
    status: 400,
    body: compatible('Arrearage'),
    expect: { kind: 'quota_exhausted', scope: 'account', retryable: false },
  },
  {
    name: 'a free quota that is gone',
    status: 403,
    body: compatible(
      'AllocationQuota.FreeTierOnly',
      'The free tier of the model has been exhausted.',
    ),
    expect: { kind: 'quota_exhausted', scope: 'account_model', retryable: false },
  },
  {
    name: 'a free quota that is gone, in words only',
    status: 403,
    body: { message: 'Free quota exhausted.' },
    expect: { kind: 'quota_exhausted', scope: 'account_model' },
  },
  {
    name: 'an input that is too long',
    status: 400,
    body: native('InvalidParameter', 'Range of input length should be [1, 991000]'),
    expect: { kind: 'caller', code: 'context_length_exceeded' },
  },
  {
    name: 'text that the inspection refused',
    status: 400,
    body: compatible('data_inspection_failed'),
    expect: { kind: 'content', retryable: false },
  },
  {
    name: 'a model that is not available for now',
    status: 503,
    body: native('ModelUnavailable'),
    expect: { kind: 'transient', scope: 'provider_model', retryable: true },
  },
  {
    name: 'a wrong key',
    status: 401,
    body: compatible('invalid_api_key'),
    expect: { kind: 'credential', scope: 'credential' },
  },
  {
    name: 'a model that does not exist',
    status: 404,
    body: compatible('model_not_found'),
    expect: { kind: 'model_access' },
  },
  {
    name: 'a model that was not bought',
    status: 403,
    body: native('AccessDenied.Unpurchased'),
    expect: { kind: 'model_access' },
  },
];

const answer = (message: object, finish_reason = 'stop') => ({
  id: 'c1',
  model: 'qwen3.8-max',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
  usage,
});

defineProviderContract('qwen', {
  provider,
  model: 'qwen3.8-max',
  baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  answer: answer({ content: 'Hello', reasoning_content: 'Hm' }),
  stream: `${chunk({ role: 'assistant', content: null, reasoning_content: 'Hm' })}${chunk({ content: 'Hel' })}${chunk({ content: 'lo' }, 'stop')}data: ${JSON.stringify({ id: 'c1', model: 'qwen3.8-max', choices: [], usage })}\n\ndata: [DONE]\n\n`,
  usage: { input: 12, output: 9, cachedInput: 4, cacheWriteInput: 2, reasoning: 6 },
  reasoning: true,
  filtered: answer({ content: '' }, 'content_filter'),
  failures,
});

const callOf = (fields: object) =>
  provider.buildCall(
    {
      model: 'qwen3.8-max',
      messages: [{ role: 'user', content: 'Hi' }],
      maxOutputTokens: 4096,
      ...fields,
    },
    { stream: false, secret: 's', baseUrl: null },
  );

test('thinking is switched at the top level, its budget within half of the cap', () => {
  const off = callOf({ reasoning: 'off' }).body;
  assert.deepEqual([off?.['enable_thinking'], off?.['thinking_budget']], [false, undefined]);
  const high = callOf({ reasoning: 'high' }).body;
  assert.deepEqual([high?.['enable_thinking'], high?.['thinking_budget']], [true, 2048]);
});

test('thinking models that only stream are streamed though nobody asked', () => {
  const qwq = callOf({ model: 'qwq-plus' });
  assert.deepEqual(
    [qwq.stream, qwq.body?.['stream'], qwq.headers['accept']],
    [true, true, 'text/event-stream'],
  );
  assert.equal(callOf({ model: 'qwen3-32b' }).stream, true);
  assert.equal(callOf({ model: 'qwen3-32b', reasoning: 'off' }).stream, false);
  assert.equal(callOf({}).stream, false);
});

test('JSON mode is used only while the model does not think', () => {
  const output = { type: 'json' };
  assert.equal(callOf({ output }).body?.['response_format'], undefined);
  assert.deepEqual(callOf({ output, reasoning: 'off' }).body?.['response_format'], {
    type: 'json_object',
  });
});

test('tokens count in both directions and per second as well', () => {
  const charged = provider.charge({
    inputCharacters: 4000,
    estimatedInput: 1000,
    estimatedCachedInput: 0,
    maxOutput: 9000,
    predictedOutput: 500,
  });
  assert.equal(charged.tpm, 1500);
  assert.equal(provider.limits.perSecondShares, true);
});

test('insufficient_quota means a throttle here and a bill at OpenAI', () => {
  const reply = {
    status: 429,
    headers: {},
    body: JSON.stringify(compatible('insufficient_quota')),
  };
  const kindAt = (id: string) => {
    const reading = findProvider(id).readReply(reply, 0);
    return reading.ok ? null : reading.failure.kind;
  };
  assert.deepEqual([kindAt('qwen'), kindAt('openai')], ['rate_limited', 'quota_exhausted']);
});
