import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import {
  describeAccounts,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from './index.ts';
import { createManualClock } from './manual-clock.ts';
import { providerNames } from './models.ts';

interface Cleanup {
  after(run: () => Promise<void>): void;
}

async function start(t: Cleanup, options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ latencyScale: 0, ...options });
  t.after(() => simulator.close());
  return simulator;
}

const none = { rpm: null, rpd: null, tpm: null, itpm: null, otpm: null, concurrency: null };

function account(provider: (typeof providerNames)[number], model: string, limit: object) {
  const limits = [{ ...none, models: ['*'], ...limit }];
  return { id: 'one', provider, secret: 'secret-one', models: [model], limits };
}

async function ask(simulator: Simulator, body: object, secret = simulator.accounts[0]!.secret) {
  const { provider, base_url } = simulator.accounts[0]!;
  const path = provider === 'anthropic' ? '/v1/messages' : '/chat/completions';
  const response = await fetch(`${base_url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${secret}`,
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

const messages = [{ role: 'user', content: 'Tell me about tides in a harbour.' }];

test('every vendor has three accounts of its own size, with secrets that follow the seed', async (t) => {
  const [one, same, other] = await Promise.all([
    start(t, { seed: 1 }),
    start(t, { seed: 1 }),
    start(t, { seed: 2 }),
  ]);
  for (const provider of providerNames) {
    const own = one.accounts.filter((candidate) => candidate.provider === provider);
    assert.equal(own.length, 3);
    assert.equal(new Set(own.map(({ limits }) => JSON.stringify(limits))).size, 3);
  }
  const secrets = (simulator: Simulator) => simulator.accounts.map(({ secret }) => secret);
  assert.deepEqual(secrets(one), secrets(same));
  assert.equal(new Set([...secrets(one), ...secrets(other)]).size, 30);
});

test('the accounts are described as a configuration', async (t) => {
  const simulator = await start(t);
  const document = parse(describeAccounts(simulator));
  assert.equal(document.accounts.length, 15);
  assert.deepEqual(document.accounts[0].limits, simulator.accounts[0]!.limits);
  assert.equal(document.accounts[0].credentials[0].secret, simulator.accounts[0]!.secret);
});

test('the same request has the same answer, at every account and in every order', async (t) => {
  const simulator = await start(t);
  const body = { model: 'gpt-5.6-sol', messages };
  const [, second] = simulator.accounts;
  const [first, between, again] = [
    JSON.parse((await ask(simulator, body)).text),
    JSON.parse((await ask(simulator, { ...body, model: 'gpt-5.5' })).text),
    JSON.parse((await ask(simulator, body, second!.secret)).text),
  ];
  assert.deepEqual(first.choices, again.choices);
  assert.equal(first.id, again.id);
  assert.notEqual(first.id, between.id);
});

test('OpenAI refuses what its bucket does not hold and says when to come back', async (t) => {
  const clock = createManualClock();
  const accounts = [account('openai', 'gpt-5.6-sol', { rpm: 60, tpm: 3_000 })];
  const simulator = await start(t, { clock, accounts });
  const body = { model: 'gpt-5.6-sol', messages, max_completion_tokens: 2_000 };
  assert.equal((await ask(simulator, body)).status, 200);
  const refused = await ask(simulator, body);
  assert.equal(refused.status, 429);
  assert.equal(JSON.parse(refused.text).error.code, 'rate_limit_exceeded');
  assert.match(refused.text, /Limit 3000, Used 2000, Requested 2000\. Please try again in 20s/);
  assert.equal(refused.headers.get('retry-after'), '20');
  assert.equal(refused.headers.get('x-ratelimit-remaining-tokens'), '1000');
  clock.advance(20_000);
  assert.equal((await ask(simulator, body)).status, 200);
});

test('Anthropic names the wait, and the instant of full replenishment', async (t) => {
  const clock = createManualClock(Date.UTC(2026, 10, 20, 8));
  const accounts = [account('anthropic', 'claude-opus-5-5', { rpm: 1 })];
  const simulator = await start(t, { clock, accounts });
  const body = { model: 'claude-opus-5-5', messages, max_tokens: 50 };
  await ask(simulator, body);
  const refused = await ask(simulator, body);
  assert.equal(refused.status, 429);
  assert.equal(JSON.parse(refused.text).error.type, 'rate_limit_error');
  assert.equal(refused.headers.get('retry-after'), '60');
  assert.equal(refused.headers.get('anthropic-ratelimit-requests-reset'), '2026-11-20T08:01:00Z');
});

test('Gemini puts the violated quota and the wait into the details', async (t) => {
  const clock = createManualClock();
  const accounts = [account('gemini', 'gemini-3.6-flash', { rpm: 1 })];
  const simulator = await start(t, { clock, accounts });
  const url = `${simulator.url}/gemini/v1beta/models/gemini-3.6-flash:generateContent`;
  const call = () =>
    fetch(url, {
      method: 'POST',
      headers: { 'x-goog-api-key': 'secret-one' },
      body: JSON.stringify({ contents: [{ parts: [{ text: 'hello' }] }] }),
    });
  assert.equal((await call()).status, 200);
  clock.advance(34_000);
  const refused = await call();
  const { error } = JSON.parse(await refused.text());
  assert.equal(error.status, 'RESOURCE_EXHAUSTED');
  const details = JSON.stringify(error.details);
  assert.match(details, /GenerateContentPaidTierRequestsPerModelPerMinute/);
  assert.match(details, /"retryDelay":"26s"/);
});

test('DashScope throttles tokens as insufficient_quota and requests as limit_requests', async (t) => {
  const clock = createManualClock();
  const tight = [account('qwen', 'qwen3.8-max', { tpm: 60 })];
  const body = { model: 'qwen3.8-max', messages };
  const tokens = await start(t, { clock, accounts: tight });
  await ask(tokens, body);
  assert.equal(JSON.parse((await ask(tokens, body)).text).error.code, 'insufficient_quota');
  const requests = await start(t, {
    clock,
    accounts: [account('qwen', 'qwen3.8-max', { rpm: 60 })],
  });
  await ask(requests, body);
  assert.equal(JSON.parse((await ask(requests, body)).text).error.code, 'limit_requests');
});

test('DeepSeek refuses the call too many, keeps the others alive, and frees the slot of a client that left', async (t) => {
  const clock = createManualClock();
  const accounts = [account('deepseek', 'deepseek-flash', { concurrency: 1 })];
  const simulator = await start(t, { clock, accounts, latencyScale: 1 });
  const leaving = new AbortController();
  const body = JSON.stringify({ model: 'deepseek-flash', messages, stream: true });
  const open = (signal?: AbortSignal) =>
    fetch(`${simulator.url}/deepseek/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret-one' },
      body,
      ...(signal ? { signal } : {}),
    });
  const waiting = await open(leaving.signal);
  const reader = waiting.body!.getReader();
  const { value } = await reader.read();
  assert.equal(Buffer.from(value!).toString(), ': keep-alive\n\n');
  assert.equal((await open()).status, 429);
  leaving.abort();
  while (simulator.stats()[0]!.in_flight > 0) await new Promise(setImmediate);
  assert.equal((await open()).status, 200);
});

test('a stream comes in pieces over the time that its tokens take', async (t) => {
  const clock = createManualClock();
  const simulator = await start(t, { clock, latencyScale: 1 });
  const response = await fetch(`${simulator.url}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.accounts[0]!.secret}` },
    body: JSON.stringify({ model: 'gpt-5.6-sol', messages, stream: true }),
  });
  const began = clock.now();
  let pieces = 0;
  const reading = (async () => {
    for await (const chunk of response.body!) pieces += chunk.length > 0 ? 1 : 0;
  })();
  let done = false;
  const finished = reading.then(() => {
    done = true;
  });
  while (!done) {
    clock.advance(50);
    await new Promise(setImmediate);
  }
  await finished;
  assert.ok(pieces > 3, `${pieces} pieces`);
  assert.ok(clock.now() - began >= 300, `${clock.now() - began} ms`);
});

test('injected faults are set at run time, drawn by content, and counted', async (t) => {
  const simulator = await start(t);
  const set = (settings: object) =>
    fetch(`${simulator.url}/_simulator/faults`, { method: 'POST', body: JSON.stringify(settings) });
  const body = { model: 'gpt-5.6-sol', messages };
  await set({ rates: { rate_limited_bare: 1 } });
  const bare = await ask(simulator, body);
  assert.equal(bare.status, 429);
  assert.equal(bare.headers.get('retry-after'), null);
  assert.equal(bare.headers.get('x-ratelimit-limit-requests'), null);
  await set({ rates: { malformed_json: 1 } });
  const broken = await ask(simulator, body);
  assert.throws(() => JSON.parse(broken.text));
  await set({ rates: { wrong_content_type: 1 } });
  assert.equal((await ask(simulator, body)).headers.get('content-type'), 'text/html');
  await set({ rates: { cut_stream: 1 } });
  await assert.rejects(ask(simulator, { ...body, stream: true }));
  await set({ rates: { overloaded: 1 } });
  assert.equal((await ask(simulator, body)).status, 503);
  await set({ rates: {}, revoked: ['openai-a'] });
  assert.equal((await ask(simulator, body)).status, 401);
  assert.equal((await set({ rates: { flood: 1 } })).status, 400);
  await set({ revoked: [] });
  assert.equal((await ask(simulator, body)).status, 200);
  const stats = await (await fetch(`${simulator.url}/_simulator/stats`)).text();
  const [first] = JSON.parse(stats).accounts;
  assert.deepEqual(first.faults, {
    rate_limited_bare: 1,
    malformed_json: 1,
    wrong_content_type: 1,
    cut_stream: 1,
    overloaded: 1,
  });
  assert.equal(first.rate_limited, 1);
});

test('a call that met a fault draws anew when it is repeated', async (t) => {
  const simulator = await start(t, { faults: { rates: { unavailable: 0.5 } } });
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 12; attempt += 1) {
    statuses.push((await ask(simulator, { model: 'gpt-5.6-sol', messages })).status);
  }
  assert.deepEqual([...new Set(statuses)].sort(), [200, 503]);
});

test('everything it says is marked as simulated, refusals and unknown paths included', async (t) => {
  const simulator = await start(t);
  for (const path of [
    '/openai/v1/models',
    '/gemini/v1beta/models',
    '/nobody/v1',
    '/_simulator/stats',
  ]) {
    const response = await fetch(`${simulator.url}${path}`);
    assert.equal(response.headers.get('x-simulated'), 'true', path);
  }
});
