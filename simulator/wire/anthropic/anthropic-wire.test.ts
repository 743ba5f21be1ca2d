import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { startSimulator } from '../../index.ts';

const model = 'claude-opus-5-5';
const messages = [{ role: 'user' as const, content: 'Tell me about tides in a harbour.' }];

async function start(t: { after(run: () => Promise<void>): void }) {
  const simulator = await startSimulator({ latencyScale: 0 });
  t.after(() => simulator.close());
  const account = simulator.accounts.find(({ provider }) => provider === 'anthropic')!;
  const client = new Anthropic({
    baseURL: account.base_url,
    apiKey: account.secret,
    maxRetries: 0,
  });
  return { client, account };
}

test('the official client reads an answer, its thinking and its limits', async (t) => {
  const { client } = await start(t);
  const { data, response } = await client.messages
    .create({ model, messages, max_tokens: 600, thinking: { type: 'adaptive' } })
    .withResponse();
  assert.deepEqual(
    data.content.map(({ type }) => type),
    ['thinking', 'text'],
  );
  assert.equal(data.stop_reason, 'end_turn');
  assert.ok(data.usage.output_tokens_details!.thinking_tokens > 0);
  assert.equal(response.headers.get('anthropic-ratelimit-requests-limit'), '60');
  const reset = response.headers.get('anthropic-ratelimit-output-tokens-reset')!;
  assert.match(reset, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('a stream has named events and adds up to the whole message', async (t) => {
  const { client } = await start(t);
  const whole = await client.messages.create({ model, messages, max_tokens: 600 });
  const stream = client.messages.stream({ model, messages, max_tokens: 600 });
  const names = new Set<string>();
  stream.on('streamEvent', (event) => names.add(event.type));
  const message = await stream.finalMessage();
  assert.deepEqual(message.content, whole.content);
  assert.equal(message.usage.output_tokens, whole.usage.output_tokens);
  for (const name of [
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]) {
    assert.ok(names.has(name), name);
  }
});

test('a cap that binds ends the answer with max_tokens', async (t) => {
  const { client } = await start(t);
  const message = await client.messages.create({ model, messages, max_tokens: 8 });
  assert.equal(message.stop_reason, 'max_tokens');
  assert.ok(message.usage.output_tokens <= 8);
});

test('output_config.format is answered by an instance; an open object is refused', async (t) => {
  const { client } = await start(t);
  const schema = {
    type: 'object',
    properties: { tides: { type: 'array', items: { type: 'string' } } },
    required: ['tides'],
    additionalProperties: false,
  };
  const ask = (given: { [name: string]: unknown }) =>
    client.messages.create({
      model,
      messages,
      max_tokens: 600,
      output_config: { format: { type: 'json_schema', schema: given } },
    });
  const [block] = (await ask(schema)).content;
  assert.ok(block?.type === 'text' && Array.isArray(JSON.parse(block.text).tides));
  await assert.rejects(ask({ ...schema, additionalProperties: true }), /additionalProperties/);
});

test('max_tokens, the version header and a known key are required', async (t) => {
  const { account } = await start(t);
  const send = async (headers: Record<string, string>, body: object) => {
    const response = await fetch(`${account.base_url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const key = { 'x-api-key': account.secret };
  const version = { 'anthropic-version': '2023-06-01' };
  const missing = await send({ ...key, ...version }, { model, messages });
  assert.equal(missing.status, 400);
  assert.deepEqual(missing.body.error, {
    type: 'invalid_request_error',
    message: 'max_tokens: Field required',
  });
  const versionless = await send(key, { model, messages, max_tokens: 9 });
  assert.equal(versionless.body.error.message, 'anthropic-version: header is required');
  const stranger = await send(
    { 'x-api-key': 'no', ...version },
    { model, messages, max_tokens: 9 },
  );
  assert.deepEqual([stranger.status, stranger.body.error.type], [401, 'authentication_error']);
});

test('the list of models states their limits', async (t) => {
  const { client } = await start(t);
  const page = await client.models.list();
  const found = page.data.find(({ id }) => id === model)!;
  assert.equal(found.max_input_tokens, 1_000_000);
  assert.equal(found.capabilities!.structured_outputs.supported, true);
});

test('the version of 2026-10-21 refuses sampling parameters, the one before takes them', async (t) => {
  const { client } = await start(t);
  const ask = (version: string) =>
    client.messages.create(
      { model, messages, max_tokens: 50, ...{ temperature: 1 } },
      { headers: { 'anthropic-version': version } },
    );
  await assert.rejects(ask('2026-10-21'), /temperature: Extra inputs are not permitted/);
  assert.equal((await ask('2023-06-01')).role, 'assistant');
});

test('an administrator reads the limits of the organisation and of a workspace', async (t) => {
  const { account } = await start(t);
  const client = new Anthropic({
    baseURL: account.base_url,
    apiKey: account.admin!.secret,
    maxRetries: 0,
  });
  const limitsOf = (
    limits: readonly { models: string[] | null; limits: { type: string; value: number }[] }[],
  ) => limits.find(({ models }) => models?.includes(model))?.limits.map(({ value }) => value);
  const { data } = await client.organization.rateLimits.list({ group_type: 'model_group' });
  assert.deepEqual(limitsOf(data), [60, 400_000, 80_000]);
  const { project } = account.admin!;
  const { rateLimits } = client.organization.workspaces;
  assert.deepEqual((await rateLimits.list(project)).data, []);
  const inherited = await rateLimits.list(project, { include_inherited: true });
  assert.deepEqual(limitsOf(inherited.data), [60, 400_000, 80_000]);
});
