import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { startSimulator } from '../../index.ts';

const model = 'deepseek-v4-pro';
const messages = [{ role: 'user' as const, content: 'Tell me about tides, as json.' }];

async function start(t: { after(run: () => Promise<void>): void }) {
  const simulator = await startSimulator({ latencyScale: 0 });
  t.after(() => simulator.close());
  const account = simulator.accounts.find(({ provider }) => provider === 'deepseek')!;
  const client = new OpenAI({ baseURL: account.base_url, apiKey: account.secret, maxRetries: 0 });
  return { client, account };
}

test('it thinks unless told not to, and its cache hits and misses make the prompt', async (t) => {
  const { client } = await start(t);
  const thinking = await client.chat.completions.create({ model, messages });
  assert.ok(Reflect.get(thinking.choices[0]!.message, 'reasoning_content'));
  assert.ok(thinking.usage!.completion_tokens_details!.reasoning_tokens! > 0);
  const hits = Reflect.get(thinking.usage!, 'prompt_cache_hit_tokens');
  const misses = Reflect.get(thinking.usage!, 'prompt_cache_miss_tokens');
  assert.equal(hits + misses, thinking.usage!.prompt_tokens);
  const plain = await client.chat.completions.create({
    model,
    messages,
    ...{ thinking: { type: 'disabled' } },
  });
  assert.equal(Reflect.get(plain.choices[0]!.message, 'reasoning_content'), undefined);
  assert.equal(plain.usage!.completion_tokens_details!.reasoning_tokens, 0);
});

test('a stream gives reasoning before content, and usage in the last chunk', async (t) => {
  const { client } = await start(t);
  const stream = await client.chat.completions.create({ model, messages, stream: true });
  let order = '';
  let usage: unknown;
  for await (const chunk of stream) {
    const delta = chunk.choices[0]?.delta;
    if (delta && Reflect.get(delta, 'reasoning_content')) order += 'r';
    if (delta?.content) order += 'c';
    usage = chunk.usage ?? usage;
  }
  assert.match(order, /^r+c+$/);
  assert.ok(usage);
});

test('json_object gives an object; json_schema is not offered', async (t) => {
  const { client } = await start(t);
  const answer = await client.chat.completions.create({
    model,
    messages,
    response_format: { type: 'json_object' },
  });
  assert.equal(typeof JSON.parse(answer.choices[0]!.message.content!), 'object');
  const schema = { name: 'x', schema: {} };
  await assert.rejects(
    client.chat.completions.create({
      model,
      messages,
      response_format: { type: 'json_schema', json_schema: schema },
    }),
    /unavailable/,
  );
});

test('the balance and the models are read with the key', async (t) => {
  const { client, account } = await start(t);
  const response = await fetch(`${account.base_url}/user/balance`, {
    headers: { authorization: `Bearer ${account.secret}` },
  });
  assert.equal(JSON.parse(await response.text()).is_available, true);
  assert.equal((await client.models.list()).data.length, 2);
});

test('an account without money refuses calls and says so in its balance', async (t) => {
  const simulator = await startSimulator({ latencyScale: 0, faults: { unpaid: ['deepseek-a'] } });
  t.after(() => simulator.close());
  const account = simulator.accounts.find(({ id }) => id === 'deepseek-a')!;
  const client = new OpenAI({ baseURL: account.base_url, apiKey: account.secret, maxRetries: 0 });
  await assert.rejects(client.chat.completions.create({ model, messages }), { status: 402 });
  const response = await fetch(`${account.base_url}/user/balance`, {
    headers: { authorization: `Bearer ${account.secret}` },
  });
  const balance = JSON.parse(await response.text());
  assert.equal(balance.is_available, false);
  assert.equal(balance.balance_infos[0].total_balance, '0.00');
});
