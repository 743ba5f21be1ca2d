import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProvider } from '../find-provider.ts';
import { type DocumentedFailure, defineProviderContract } from '../provider.contract.ts';

const baseUrl = 'http://10.0.0.7:8000/v1';
const provider = findProvider({ id: 'vllm-hn', baseUrl });
const model = 'deepseek-ai/DeepSeek-R1';
const usage = { prompt_tokens: 12, completion_tokens: 9, total_tokens: 21 };
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c1', model, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const vllm = (code: number, message: string) => ({
  error: { message, type: 'x', param: null, code },
});

const failures: DocumentedFailure[] = [
  {
    name: "vLLM's context limit",
    status: 400,
    body: vllm(
      400,
      "This model's maximum context length is 32768 tokens. However, you requested 40000.",
    ),
    expect: { kind: 'caller', code: 'context_length_exceeded' },
  },
  {
    name: "Ollama's missing model",
    status: 404,
    body: { error: 'model "r1" not found, try pulling it first' },
    expect: { kind: 'model_access', code: 'model_not_found' },
  },
  {
    name: 'a model that is still loading',
    status: 503,
    body: { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
    expect: { kind: 'transient', scope: 'provider_model', retryable: true },
  },
  {
    name: 'a 429',
    status: 429,
    body: vllm(429, 'Too many'),
    expect: { kind: 'rate_limited', retryable: true },
  },
  {
    name: 'an insufficient_quota, which means a bill here and a throttle there',
    status: 429,
    body: { error: { message: 'Quota', type: 'insufficient_quota', code: 'insufficient_quota' } },
    expect: { kind: 'rate_limited' },
  },
  {
    name: 'a wrong key',
    status: 401,
    body: { error: 'Unauthorized' },
    expect: { kind: 'credential' },
  },
  {
    name: "a proxy's page",
    status: 502,
    body: '<html>',
    expect: { kind: 'transient', provenance: 'guessed' },
  },
];

const answer = (content: string, finish_reason = 'stop') => ({
  id: 'c1',
  model,
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason }],
  usage,
});

defineProviderContract('openai-compatible', {
  provider,
  model,
  baseUrl,
  answer: answer('<think>Hm</think>\n\nHello'),
  stream: `${chunk({ role: 'assistant', content: '<thi' })}${chunk({ content: 'nk>Hm</think>' })}${chunk({ content: 'Hello' })}${chunk({}, 'stop')}data: ${JSON.stringify({ id: 'c1', model, choices: [], usage })}\n\ndata: [DONE]\n\n`,
  usage: { input: 12, output: 9, cachedInput: 0, cacheWriteInput: 0, reasoning: 0 },
  reasoning: true,
  filtered: answer('', 'content_filter'),
  failures,
});

test('a host that wants no key is sent none', () => {
  const { headers } = provider.buildProbe({ secret: '', baseUrl: null });
  assert.equal('authorization' in headers, false);
});

test("the host's address is used where the account has none of its own", () => {
  assert.equal(provider.buildProbe({ secret: '', baseUrl: null }).url, `${baseUrl}/models`);
  assert.equal(
    provider.buildProbe({ secret: '', baseUrl: 'http://127.0.0.1:11434/v1/' }).url,
    'http://127.0.0.1:11434/v1/models',
  );
});

test('R1 gets its system prompt inside the first user message, other models do not', () => {
  const messages = [
    { role: 'system' as const, content: 'S' },
    { role: 'user' as const, content: 'U' },
  ];
  const sent = (name: string) =>
    provider.buildCall(
      { model: name, messages, maxOutputTokens: 9 },
      { stream: false, secret: '', baseUrl: null },
    ).body?.['messages'];
  assert.deepEqual(sent('deepseek-r1:8b'), [{ role: 'user', content: 'S\n\nU' }]);
  assert.deepEqual(sent('llama3.3:70b'), messages);
});

test("an error inside vLLM's stream counts by the status that it repeats", () => {
  const reader = provider.createStreamReader();
  reader.push(`data: ${JSON.stringify(vllm(400, 'bad request'))}\n\n`);
  assert.equal(reader.failure(0)?.kind, 'caller');
});

test('limit headers of hosts that send them are read', () => {
  const headers = { 'x-ratelimit-limit-requests': '30', 'x-ratelimit-remaining-requests': '29' };
  assert.deepEqual(provider.readLimits(headers, 0), [
    { dimension: 'rpm', limit: 30, remaining: 29, resetAtMs: null },
  ]);
});
