import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProvider } from '../find-provider.ts';
import { type DocumentedFailure, defineProviderContract } from '../provider.contract.ts';

const provider = findProvider('gemini');
const usageMetadata = {
  promptTokenCount: 12,
  cachedContentTokenCount: 4,
  candidatesTokenCount: 3,
  thoughtsTokenCount: 6,
  totalTokenCount: 21,
};
const chunk = (part: object, fields: object = {}) =>
  `data: ${JSON.stringify({ candidates: [{ content: { role: 'model', parts: [part] }, ...fields }], responseId: 'r1', modelVersion: 'gemini-3.6-flash' })}\r\n\r\n`;

/** `429 RESOURCE_EXHAUSTED` in one string, as the vendor's table has it. */
const error = (state: string, message: string, details: object[] = []) => {
  const [code, status] = state.split(' ');
  return { error: { code: Number(code), status, message, details } };
};
const quota = (quotaId: string, quotaMetric: string, quotaValue: string) => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaMetric, quotaId, quotaDimensions: { model: 'm' }, quotaValue }],
});
const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '26s' };
const requests = 'generativelanguage.googleapis.com/generate_content_paid_tier_requests';
const tokens = 'generativelanguage.googleapis.com/generate_content_paid_tier_input_token_count';
// 12:00 UTC on 21 November is 04:00 in California; midnight there is 08:00 UTC.
const midnight = Date.parse('2026-11-22T08:00:00Z');

const failures: DocumentedFailure[] = [
  {
    name: 'a 429 for requests per minute, with RetryInfo',
    status: 429,
    body: error('429 RESOURCE_EXHAUSTED', 'Quota exceeded', [
      quota('GenerateRequestsPerMinutePerProjectPerModel', requests, '10'),
      retry,
    ]),
    expect: {
      kind: 'rate_limited',
      scope: 'account_model',
      retryable: true,
      dimension: 'rpm',
      limit: 10,
      retryAfterMs: 26_000,
      provenance: 'stated',
    },
  },
  {
    name: 'a 429 for input tokens per minute',
    status: 429,
    body: error('429 RESOURCE_EXHAUSTED', 'Quota exceeded', [
      quota('GenerateContentInputTokensPerModelPerMinute', tokens, '250000'),
    ]),
    expect: { kind: 'rate_limited', dimension: 'itpm', limit: 250_000 },
  },
  {
    name: 'a 429 for requests per day, whose RetryInfo of seconds must not be believed',
    status: 429,
    body: error('429 RESOURCE_EXHAUSTED', 'Quota exceeded', [
      quota('GenerateRequestsPerDayPerProjectPerModel', requests, '250'),
      retry,
    ]),
    expect: {
      kind: 'quota_exhausted',
      scope: 'account_model',
      retryable: true,
      dimension: 'rpd',
      limit: 250,
      until: midnight,
      retryAfterMs: 20 * 3_600_000,
    },
  },
  {
    name: 'a limit of 0, which is no entitlement',
    status: 429,
    body: error('429 RESOURCE_EXHAUSTED', `Quota exceeded for metric: ${requests}, limit: 0`, [
      retry,
    ]),
    expect: { kind: 'model_access', scope: 'account_model', retryable: false },
  },
  {
    name: 'a bare 429 without details (python-genai#2065)',
    status: 429,
    body: error('429 RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'),
    expect: {
      kind: 'rate_limited',
      dimension: null,
      limit: null,
      retryAfterMs: null,
      provenance: 'guessed',
    },
  },
  {
    name: 'the billing 402',
    status: 402,
    body: error('402 FAILED_PRECONDITION', 'Billing account is disabled.'),
    expect: { kind: 'quota_exhausted', scope: 'account', retryable: false },
  },
  {
    name: 'the overload 503',
    status: 503,
    body: error('503 UNAVAILABLE', 'The model is overloaded.'),
    expect: { kind: 'transient', scope: 'provider_model', retryable: true },
  },
  {
    name: 'a 500',
    status: 500,
    body: error('500 INTERNAL', 'An internal error has occurred.'),
    expect: { kind: 'transient', scope: 'request', retryable: true },
  },
  {
    name: 'a wrong key, which comes as a 400',
    status: 400,
    body: error('400 INVALID_ARGUMENT', 'API key not valid.', [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
    ]),
    expect: { kind: 'credential', scope: 'credential', code: 'API_KEY_INVALID' },
  },
  {
    name: 'an input longer than the context',
    status: 400,
    body: error(
      '400 INVALID_ARGUMENT',
      'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).',
    ),
    expect: { kind: 'caller', scope: 'request', code: 'context_length_exceeded' },
  },
  {
    name: 'another wrong request',
    status: 400,
    body: error('400 INVALID_ARGUMENT', 'Unknown name "foo".'),
    expect: { kind: 'caller', retryable: false },
  },
  {
    name: 'a key without the permission',
    status: 403,
    body: error('403 PERMISSION_DENIED', 'Denied.'),
    expect: { kind: 'credential' },
  },
  {
    name: 'a model that does not exist',
    status: 404,
    body: error('404 NOT_FOUND', 'models/gemini-9 is not found.'),
    expect: { kind: 'model_access' },
  },
  {
    name: 'a deadline of theirs',
    status: 504,
    body: error('504 DEADLINE_EXCEEDED', 'Deadline expired.'),
    expect: { kind: 'transient' },
  },
];

defineProviderContract('gemini', {
  provider,
  model: 'gemini-3.6-flash',
  baseUrl: 'https://generativelanguage.googleapis.com',
  answer: {
    candidates: [
      {
        content: { role: 'model', parts: [{ text: 'Hm', thought: true }, { text: 'Hello' }] },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    usageMetadata,
    modelVersion: 'gemini-3.6-flash',
    responseId: 'r1',
  },
  stream: `${chunk({ text: 'Hm', thought: true })}${chunk({ text: 'Hel' })}${chunk({ text: 'lo' })}data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP' }], usageMetadata })}`,
  usage: { input: 12, output: 9, cachedInput: 4, cacheWriteInput: 0, reasoning: 6 },
  reasoning: true,
  filtered: { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 12 } },
  failures,
});

const callOf = (fields: object, stream = false) =>
  provider.buildCall(
    {
      model: 'gemini-3.6-flash',
      messages: [{ role: 'user', content: 'Hi' }],
      maxOutputTokens: 64,
      ...fields,
    },
    { stream, secret: 'AIzaSecret', baseUrl: null },
  );
const configOf = (fields: object) =>
  callOf(fields).body?.['generationConfig'] as Record<string, unknown>;

test('model and streaming stand in the path, the key in a header', () => {
  const base = 'https://generativelanguage.googleapis.com/v1beta/models/gemini-3.6-flash';
  assert.equal(callOf({}).url, `${base}:generateContent`);
  assert.equal(callOf({}, true).url, `${base}:streamGenerateContent?alt=sse`);
  assert.equal(callOf({ model: 'models/gemini-3.6-flash' }).url, `${base}:generateContent`);
  assert.equal(callOf({}).headers['x-goog-api-key'], 'AIzaSecret');
});

test('a refused call carries the reason of the filter', () => {
  const body = JSON.stringify({ candidates: [{ finishReason: 'RECITATION' }] });
  const reading = provider.readReply({ status: 200, headers: {}, body }, 0);
  assert.ok(!reading.ok);
  assert.deepEqual([reading.failure.kind, reading.failure.code], ['content', 'RECITATION']);
});

test('models from 3 on take a thinking level and no temperature, those before a budget', () => {
  const level = configOf({ reasoning: 'high', temperature: 0.5 });
  assert.deepEqual(level['thinkingConfig'], { thinkingLevel: 'HIGH', includeThoughts: true });
  assert.equal(level['temperature'], undefined);
  const budget = configOf({ model: 'gemini-2.5-flash', reasoning: 'low', temperature: 0.5 });
  assert.deepEqual(budget['thinkingConfig'], { thinkingBudget: 1024, includeThoughts: true });
  assert.equal(budget['temperature'], 0.5);
});

test('thinking that cannot be switched off is set to its least', () => {
  const least = (model: string) => configOf({ model, reasoning: 'off' })['thinkingConfig'];
  assert.deepEqual(least('gemini-3.6-flash'), { thinkingLevel: 'MINIMAL', includeThoughts: false });
  assert.deepEqual(least('gemini-3.1-pro-preview'), {
    thinkingLevel: 'LOW',
    includeThoughts: false,
  });
  assert.deepEqual(least('gemini-2.5-flash'), { thinkingBudget: 0, includeThoughts: false });
  assert.deepEqual(least('gemini-2.5-pro'), { thinkingBudget: 128, includeThoughts: false });
});

test('only the input counts against tokens per minute', () => {
  const charged = provider.charge({
    inputCharacters: 4000,
    estimatedInput: 1000,
    estimatedCachedInput: 400,
    maxOutput: 60_000,
    predictedOutput: 500,
  });
  assert.deepEqual([charged.tpm, charged.itpm], [1000, 1000]);
  assert.equal(provider.limits.dayZone, 'America/Los_Angeles');
});

test('bare JSON inside a stream is read as the error that it is', () => {
  const reader = provider.createStreamReader();
  reader.push(chunk({ text: 'Hel' }));
  reader.push(JSON.stringify([error('429 RESOURCE_EXHAUSTED', 'x', [retry])], null, 2));
  reader.end();
  const failure = reader.failure(0);
  assert.deepEqual([failure?.kind, failure?.retryAfterMs], ['rate_limited', 26_000]);
});
