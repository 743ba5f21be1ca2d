import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { isHeadraceError } from '../platform/errors/headrace-error.ts';
import { parseDuration } from './duration.ts';
import { findProvider, vendorIds } from './find-provider.ts';
import { joinUrl } from './join-url.ts';
import { catalogue, catalogueAsOf } from './models/catalogue.ts';
import { describeModel } from './models/describe-model.ts';
import { nextMidnight } from './next-midnight.ts';
import { readNetworkFailure } from './read-network-failure.ts';
import { sanitiseMessage } from './sanitise-message.ts';

test('each vendor has the same six files', () => {
  const six = ['address.ts', 'auth.ts', 'failures.ts', 'limits.ts', 'quirks.ts', 'quotas.ts'];
  for (const vendor of [...vendorIds, 'openai-compatible']) {
    const files = readdirSync(new URL(`./${vendor}/`, import.meta.url));
    assert.deepEqual(files.filter((file) => !file.endsWith('.test.ts')).toSorted(), six);
  }
});

test('an unknown provider is config_invalid and names those that exist', () => {
  assert.throws(
    () => findProvider('toString'),
    (error) =>
      isHeadraceError(error) && error.code === 'config_invalid' && /openai/.test(error.fix),
  );
});

test('every vendor has models in the catalogue, the strongest first, each within its context', () => {
  for (const vendor of vendorIds) {
    const models = catalogue.get(vendor) ?? [];
    assert.equal(models[0]?.tier, 3);
    assert.ok(models.every((model) => model.maxOutputTokens < model.contextTokens));
    assert.equal(findProvider(vendor).models, models);
  }
});

test('the catalogue says on which day it was compared with the vendors', () => {
  assert.match(catalogueAsOf, /^\d{4}-\d\d-\d\d$/);
  assert.ok(Date.parse(catalogueAsOf) <= Date.now());
});

test('a dated name is described by its line of the catalogue', () => {
  const dated = describeModel('anthropic', 'claude-haiku-4-5-20251001');
  assert.deepEqual([dated.model, dated.contextTokens], ['claude-haiku-4-5-20251001', 200_000]);
});

test('a model that nobody listed gets a family by its name and cautious sizes', () => {
  assert.equal(describeModel('vllm-hn', 'deepseek-r1-distill-qwen-32b').family, 'deepseek');
  assert.equal(describeModel('vllm-hn', 'Qwen3-32B').family, 'qwen');
  assert.equal(describeModel('vllm-hn', 'house-model').family, 'vllm-hn');
  assert.equal(describeModel('openai', 'gpt-7').family, 'openai');
});

test('durations are read as OpenAI prints them, and nothing else', () => {
  assert.equal(parseDuration('1s'), 1000);
  assert.equal(parseDuration('6m0s'), 360_000);
  assert.equal(parseDuration('120ms'), 120);
  assert.equal(parseDuration('1.5s'), 1500);
  assert.equal(parseDuration('1d2h3m4s'), 93_784_000);
  assert.equal(parseDuration('soon'), null);
  assert.equal(parseDuration('5'), null);
});

test('a version that address and path share stands once', () => {
  assert.equal(joinUrl('https://a.example/v1/', '/v1/messages'), 'https://a.example/v1/messages');
  assert.equal(joinUrl('https://a.example', '/v1/messages'), 'https://a.example/v1/messages');
  assert.equal(
    joinUrl('https://a.example/g', '/v1beta/models'),
    'https://a.example/g/v1beta/models',
  );
});

test('midnight in California is found across both changes of its clock', () => {
  const next = (at: string) =>
    new Date(nextMidnight(Date.parse(at), 'America/Los_Angeles')).toISOString();
  assert.equal(next('2026-11-21T12:00:00Z'), '2026-11-22T08:00:00.000Z');
  // 1 November 2026 has 25 hours, 8 March 2026 has 23.
  assert.equal(next('2026-11-01T07:00:00Z'), '2026-11-02T08:00:00.000Z');
  assert.equal(next('2026-03-08T08:00:00Z'), '2026-03-09T07:00:00.000Z');
});

test('messages lose keys of every vendor and keep what helps', () => {
  const message =
    'Incorrect API key provided: sk-abcd***wxyz. Also AIzaSyA-1234567890 and Bearer abc, api_key="x1", ' +
    'request req_011CSHoEeqs5C35K2UUqR7Fy for claude-haiku-4-5-20251001';
  assert.equal(
    sanitiseMessage(message, undefined),
    'Incorrect API key provided: [redacted] Also [redacted] and [redacted] [redacted]", ' +
      'request req_011CSHoEeqs5C35K2UUqR7Fy for claude-haiku-4-5-20251001',
  );
});

test('a call that got no reply is transient and keeps the code of its deepest cause', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const failure = readNetworkFailure(new TypeError('fetch failed', { cause: refused }));
  assert.deepEqual(
    [failure.kind, failure.code, failure.retryable],
    ['transient', 'ECONNREFUSED', true],
  );
  assert.match(failure.message, /^Nothing listens at the provider’s address\. \(/);
});
