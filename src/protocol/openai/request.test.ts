import assert from 'node:assert/strict';
import { test } from 'node:test';
import type OpenAI from 'openai';
import type { CanonicalRequest } from '../canonical.ts';
import { type OpenaiQuirks, writeOpenaiRequest } from './request.ts';

const quirks: OpenaiQuirks = {
  maxTokensField: 'max_completion_tokens',
  systemRole: 'system',
  structuredOutput: 'schema',
  sampling: true,
  seed: true,
  userField: 'user',
  streamOnly: false,
  reasoning: {},
};
const request: CanonicalRequest = {
  model: 'm',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello' },
  ],
  maxOutputTokens: 100,
};

// Compiles only while what we write is what the vendor's own package takes.
const body = writeOpenaiRequest(request, { stream: false, quirks });
body satisfies OpenAI.ChatCompletionCreateParams;

test('what the request does not set is not written', () => {
  assert.deepEqual(body, {
    model: 'm',
    messages: request.messages,
    max_completion_tokens: 100,
  });
});

test('everything that is set is written under its name', () => {
  const full: CanonicalRequest = {
    ...request,
    temperature: 0,
    topP: 0.5,
    stop: ['END'],
    seed: 7,
    user: 'u1',
  };
  assert.deepEqual(writeOpenaiRequest(full, { stream: true, quirks }), {
    model: 'm',
    messages: request.messages,
    max_completion_tokens: 100,
    temperature: 0,
    top_p: 0.5,
    stop: ['END'],
    seed: 7,
    user: 'u1',
    stream: true,
    stream_options: { include_usage: true },
  });
});

test('a model that takes no sampling is sent none', () => {
  const written = writeOpenaiRequest(
    { ...request, temperature: 1, topP: 1 },
    { stream: false, quirks: { ...quirks, sampling: false } },
  );
  assert.equal('temperature' in written || 'top_p' in written, false);
});

test('a model that only streams is asked for a stream, with its usage', () => {
  const written = writeOpenaiRequest(request, {
    stream: false,
    quirks: { ...quirks, streamOnly: true },
  });
  assert.deepEqual([written.stream, written.stream_options], [true, { include_usage: true }]);
});

test('a folded system prompt stands in front of the first user message', () => {
  const written = writeOpenaiRequest(request, {
    stream: false,
    quirks: { ...quirks, systemRole: 'fold' },
  });
  assert.deepEqual(written.messages, [{ role: 'user', content: 'Be brief.\n\nHello' }]);
});

const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
const withSchema: CanonicalRequest = {
  ...request,
  output: { type: 'json_schema', name: 'plan', schema },
};

test('an open schema is enforced without strict, which would reject it', () => {
  const written = writeOpenaiRequest(withSchema, {
    stream: false,
    quirks,
  });
  assert.deepEqual(written.response_format, {
    type: 'json_schema',
    json_schema: { name: 'plan', schema, strict: false },
  });
});

test('where only JSON mode exists the schema is put into words, with the word JSON in them', () => {
  const written = writeOpenaiRequest(withSchema, {
    stream: false,
    quirks: { ...quirks, structuredOutput: 'json' },
  });
  assert.deepEqual(written.response_format, { type: 'json_object' });
  assert.match(String(written.messages[0]?.content), /^Be brief\.\n\nAnswer with one JSON object/);
  assert.ok(String(written.messages[0]?.content).includes(JSON.stringify(schema)));
});

test('where nothing enforces JSON the words alone ask for it', () => {
  const written = writeOpenaiRequest(
    { ...request, messages: [{ role: 'user', content: 'Hi' }], output: { type: 'json' } },
    { stream: false, quirks: { ...quirks, structuredOutput: 'prompt' } },
  );
  assert.equal('response_format' in written, false);
  assert.equal(written.messages[0]?.role, 'system');
});
