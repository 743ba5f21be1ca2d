import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError } from 'openai';
import { startSimulator } from '../../index.ts';

const messages = [{ role: 'user' as const, content: 'Tell me about tides in a harbour.' }];
const model = 'gpt-5.6-sol';

async function clientFor(t: { after(run: () => Promise<void>): void }) {
  const simulator = await startSimulator({ latencyScale: 0 });
  t.after(() => simulator.close());
  const account = simulator.accounts.find(({ provider }) => provider === 'openai');
  const options = { baseURL: account!.base_url, maxRetries: 0 };
  return { client: new OpenAI({ ...options, apiKey: account!.secret }), options };
}

test('the official client reads a whole answer with usage and reasoning tokens', async (t) => {
  const { client } = await clientFor(t);
  const { data, response } = await client.chat.completions
    .create({ model, messages, max_completion_tokens: 400 })
    .withResponse();
  assert.match(data.choices[0]!.message.content!, /tides/);
  assert.equal(data.choices[0]!.finish_reason, 'stop');
  const usage = data.usage!;
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
  assert.ok(usage.completion_tokens_details!.reasoning_tokens! > 0);
  assert.equal(response.headers.get('x-simulated'), 'true');
  assert.equal(response.headers.get('x-ratelimit-limit-requests'), '120');
  assert.match(response.headers.get('x-ratelimit-reset-tokens')!, /^\d+(ms|s)$/);
});

test('a stream gives the same text, and usage in a last chunk without choices', async (t) => {
  const { client } = await clientFor(t);
  const whole = await client.chat.completions.create({ model, messages });
  const stream = await client.chat.completions.create({
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
  assert.equal(text, whole.choices[0]!.message.content);
  assert.deepEqual(chunks.at(-1)!.choices, []);
  assert.deepEqual(chunks.at(-1)!.usage, whole.usage);
  assert.equal(chunks.at(-2)!.choices[0]!.finish_reason, 'stop');
});

test('a cap that binds ends the answer with length', async (t) => {
  const { client } = await clientFor(t);
  const answer = await client.chat.completions.create({
    model,
    messages,
    max_completion_tokens: 12,
  });
  assert.equal(answer.choices[0]!.finish_reason, 'length');
  assert.ok(answer.usage!.completion_tokens <= 12);
});

test('a strict schema is answered by an instance of it', async (t) => {
  const { client } = await clientFor(t);
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, level: { type: 'integer', minimum: 3 } },
    required: ['name', 'level'],
    additionalProperties: false,
  };
  const ask = (strict: object) =>
    client.chat.completions.create({
      model,
      messages,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'tide', strict: true, schema: { ...strict } },
      },
    });
  const answer = await ask(schema);
  const value = JSON.parse(answer.choices[0]!.message.content!);
  assert.deepEqual(Object.keys(value), ['name', 'level']);
  assert.ok(value.level >= 3);
  await assert.rejects(ask({ ...schema, additionalProperties: true }), /additionalProperties/);
});

test('the vendor’s own refusals: wrong key, retired cap, unknown model, JSON mode without the word', async (t) => {
  const { client, options } = await clientFor(t);
  const stranger = new OpenAI({ ...options, apiKey: 'sk-wrong' });
  const create = client.chat.completions.create.bind(client.chat.completions);
  await assert.rejects(stranger.models.list(), AuthenticationError);
  await assert.rejects(create({ model, messages, max_tokens: 5 }), (error) => {
    assert.ok(error instanceof BadRequestError);
    assert.equal(error.code, 'unsupported_parameter');
    return true;
  });
  await assert.rejects(create({ model: 'gpt-9', messages }), NotFoundError);
  await assert.rejects(
    create({ model, messages, response_format: { type: 'json_object' } }),
    /must contain the word 'json'/,
  );
});

test('the list of models is OpenAI’s', async (t) => {
  const { client } = await clientFor(t);
  const page = await client.models.list();
  assert.ok(page.data.some(({ id, object }) => id === model && object === 'model'));
});

test('an administrator reads the limits of a project, page by page; a key that calls does not', async (t) => {
  const simulator = await startSimulator({ latencyScale: 0 });
  t.after(() => simulator.close());
  const account = simulator.accounts.find(({ provider }) => provider === 'openai')!;
  const client = new OpenAI({
    baseURL: account.base_url,
    apiKey: account.secret,
    adminAPIKey: account.admin!.secret,
    maxRetries: 0,
  });
  const { rateLimits } = client.admin.organization.projects;
  const seen: [string, number, number][] = [];
  for await (const limit of rateLimits.listRateLimits(account.admin!.project, { limit: 2 })) {
    seen.push([limit.model, limit.max_requests_per_1_minute, limit.max_tokens_per_1_minute]);
  }
  assert.deepEqual(
    seen,
    account.models.map((model) => [model, 120, 600_000]),
  );
  await assert.rejects(async () => await rateLimits.listRateLimits('proj_other'), { status: 404 });
  const asCaller = new OpenAI({
    baseURL: account.base_url,
    apiKey: account.secret,
    adminAPIKey: account.secret,
    maxRetries: 0,
  });
  await assert.rejects(
    async () =>
      await asCaller.admin.organization.projects.rateLimits.listRateLimits(account.admin!.project),
    { status: 401 },
  );
});
