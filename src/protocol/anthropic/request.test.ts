import assert from 'node:assert/strict';
import { test } from 'node:test';
import type Anthropic from '@anthropic-ai/sdk';
import type { CanonicalRequest } from '../canonical.ts';
import { type AnthropicQuirks, writeAnthropicRequest } from './request.ts';

const quirks: AnthropicQuirks = {
  structuredOutput: 'schema',
  sampling: false,
  thinking: null,
  effort: null,
};
const request: CanonicalRequest = {
  model: 'm',
  messages: [
    { role: 'system', content: 'One.' },
    { role: 'user', content: 'Hello' },
    { role: 'system', content: 'Two.' },
  ],
  maxOutputTokens: 100,
};

// Compiles only while what we write is what the vendor's own package takes.
const body = writeAnthropicRequest(request, { stream: false, quirks });
body satisfies Anthropic.MessageCreateParams;

test('system messages go into their field and the cap is always sent', () => {
  assert.deepEqual(body, {
    model: 'm',
    max_tokens: 100,
    system: 'One.\n\nTwo.',
    messages: [{ role: 'user', content: 'Hello' }],
  });
});

test('a request of system messages only becomes a user turn', () => {
  const written = writeAnthropicRequest(
    { ...request, messages: [{ role: 'system', content: 'Do it.' }] },
    { stream: true, quirks },
  );
  assert.deepEqual(written.messages, [{ role: 'user', content: 'Do it.' }]);
  assert.equal('system' in written, false);
  assert.equal(written.stream, true);
});

test('a schema is enforced closed, beside the effort', () => {
  const written = writeAnthropicRequest(
    {
      ...request,
      output: { type: 'json_schema', name: 'n', schema: { type: 'object', properties: {} } },
    },
    { stream: false, quirks: { ...quirks, effort: 'low' } },
  );
  assert.deepEqual(written.output_config, {
    effort: 'low',
    format: {
      type: 'json_schema',
      schema: { type: 'object', properties: {}, additionalProperties: false },
    },
  });
});

test('JSON without a schema is asked for in words: the format knows no such mode', () => {
  const written = writeAnthropicRequest(
    { ...request, output: { type: 'json' } },
    { stream: false, quirks },
  );
  assert.equal('output_config' in written, false);
  assert.match(written.system ?? '', /one JSON object only/);
});

test('older models get a temperature of at most 1, and never top_p beside it', () => {
  const written = writeAnthropicRequest(
    { ...request, temperature: 1.6, topP: 0.5, stop: ['X'], user: 'u' },
    { stream: false, quirks: { ...quirks, sampling: true } },
  );
  assert.equal(written.temperature, 1);
  assert.equal('top_p' in written, false);
  assert.deepEqual(written.stop_sequences, ['X']);
  assert.deepEqual(written.metadata, { user_id: 'u' });
});
