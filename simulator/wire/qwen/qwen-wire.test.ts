import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { startSimulator } from '../../index.ts';

const model = 'qwen3.8-max';
const messages = [{ role: 'user' as const, content: '请介绍港口的潮汐。' }];

async function start(t: { after(run: () => Promise<void>): void }) {
  const simulator = await startSimulator({ latencyScale: 0 });
  t.after(() => simulator.close());
  const account = simulator.accounts.find(({ provider }) => provider === 'qwen')!;
  const client = new OpenAI({ baseURL: account.base_url, apiKey: account.secret, maxRetries: 0 });
  return { client, account, url: simulator.url };
}

test('enable_thinking decides whether reasoning goes over the wire', async (t) => {
  const { client } = await start(t);
  const reasoningOf = async (more: object) => {
    const answer = await client.chat.completions.create({ model, messages, ...more });
    return Reflect.get(answer.choices[0]!.message, 'reasoning_content');
  };
  assert.equal(await reasoningOf({}), undefined);
  assert.match(await reasoningOf({ enable_thinking: true }), /模拟思考/);
});

test('the answer is in the language of the question', async (t) => {
  const { client } = await start(t);
  const answer = await client.chat.completions.create({ model, messages });
  assert.match(answer.choices[0]!.message.content!, /潮汐/);
});

test('the quotas of the key are those of its account', async (t) => {
  const { account, url } = await start(t);
  const response = await fetch(`${url}/qwen/api/v1/quotas?model=${model}`, {
    headers: { authorization: `Bearer ${account.secret}` },
  });
  const { total, quotas } = JSON.parse(await response.text()).output;
  assert.deepEqual([total, quotas[0].model], [1, model]);
  const { request_limit, request_limit_period, usage_limit } = quotas[0].model_limit;
  assert.deepEqual([request_limit, request_limit_period, usage_limit], [600, 60, 3_000_000]);
});

test('a wrong key is refused in DashScope’s shape, with a request id', async (t) => {
  const { account } = await start(t);
  const response = await fetch(`${account.base_url}/models`, {
    headers: { authorization: 'Bearer wrong' },
  });
  const body = JSON.parse(await response.text());
  assert.deepEqual([response.status, body.error.code], [401, 'invalid_api_key']);
  assert.ok(body.request_id);
});
