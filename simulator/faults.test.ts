import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type WireFault, wireFaults } from './faults.ts';
import { createManualClock } from './manual-clock.ts';
import { type ProviderName, providerNames } from './models.ts';
import { type Simulator, startSimulator } from './start-simulator.ts';

const calls: Record<ProviderName, { path: string; body: object }> = {
  openai: { path: '/chat/completions', body: { model: 'gpt-5.6-sol' } },
  anthropic: { path: '/v1/messages', body: { model: 'claude-haiku-4-5', max_tokens: 400 } },
  gemini: { path: '/v1beta/models/gemini-3.6-flash:generateContent', body: {} },
  deepseek: { path: '/chat/completions', body: { model: 'deepseek-flash' } },
  qwen: { path: '/chat/completions', body: { model: 'qwen3.8-flash' } },
};
const question = 'Tell me about tides in a harbour.';

function call(simulator: Simulator, provider: ProviderName, signal?: AbortSignal) {
  const { base_url, secret } = simulator.accounts.find((each) => each.provider === provider)!;
  const { path, body } = calls[provider];
  const messages =
    provider === 'gemini'
      ? { contents: [{ parts: [{ text: question }] }] }
      : { messages: [{ role: 'user', content: question }] };
  return fetch(`${base_url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${secret}`,
      'x-goog-api-key': secret,
      ...(provider === 'anthropic' ? { 'x-api-key': secret } : {}),
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify({ ...body, ...messages }),
    ...(signal ? { signal } : {}),
  });
}

const hints = /retry-after|retryDelay|ratelimit|try again in/i;
const told = async (response: Response) =>
  JSON.stringify([...response.headers]) + (await response.text());

const statuses: Partial<Record<WireFault, Record<ProviderName, number>>> = {
  overloaded: { openai: 503, anthropic: 529, gemini: 503, deepseek: 503, qwen: 503 },
  unavailable: { openai: 503, anthropic: 529, gemini: 503, deepseek: 503, qwen: 503 },
  server_error: { openai: 500, anthropic: 500, gemini: 500, deepseek: 500, qwen: 500 },
};

type Check = (simulator: Simulator, provider: ProviderName, fault: WireFault) => Promise<void>;

const checkStatus: Check = async (simulator, provider, fault) => {
  assert.equal((await call(simulator, provider)).status, statuses[fault]?.[provider]);
};

const expected: Record<Exclude<WireFault, 'slow_first_token'>, Check> = {
  rate_limited: async (simulator, provider) => {
    const response = await call(simulator, provider);
    assert.equal(response.status, 429);
    // DeepSeek and DashScope give no hint in any case.
    if (!['deepseek', 'qwen'].includes(provider)) assert.match(await told(response), hints);
  },
  rate_limited_bare: async (simulator, provider) => {
    const response = await call(simulator, provider);
    assert.equal(response.status, 429);
    assert.doesNotMatch(JSON.stringify([...response.headers]), hints);
  },
  overloaded: checkStatus,
  unavailable: checkStatus,
  server_error: checkStatus,
  revoked_credential: async (simulator, provider) => {
    const refused = [400, 401, 403];
    assert.ok(refused.includes((await call(simulator, provider)).status));
    await fetch(`${simulator.url}/_simulator/faults`, { method: 'POST', body: '{"rates":{}}' });
    assert.ok(refused.includes((await call(simulator, provider)).status), 'it stays revoked');
  },
  hang: async (simulator, provider) => {
    const leaving = new AbortController();
    const waiting = assert.rejects(call(simulator, provider, leaving.signal), {
      name: 'AbortError',
    });
    const mine = () => simulator.stats().find((stats) => stats.provider === provider);
    while (mine()?.in_flight !== 1) await new Promise(setImmediate);
    leaving.abort();
    await waiting;
    while (mine()?.in_flight !== 0) await new Promise(setImmediate);
  },
  cut_stream: async (simulator, provider) => {
    await assert.rejects(async () => (await call(simulator, provider)).text());
  },
  malformed_json: async (simulator, provider) => {
    const text = await (await call(simulator, provider)).text();
    assert.throws(() => JSON.parse(text));
  },
  wrong_content_type: async (simulator, provider) => {
    const response = await call(simulator, provider);
    assert.equal(response.headers.get('content-type'), 'text/html');
    assert.match(await response.text(), /^<html>/);
  },
};

for (const [fault, check] of Object.entries(expected) as [WireFault, Check][]) {
  test(`${fault} can be met at every vendor, and is counted`, async (t) => {
    for (const provider of providerNames) {
      const simulator = await startSimulator({
        latencyScale: 0,
        faults: { rates: { [fault]: 1 } },
      });
      t.after(() => simulator.close());
      await check(simulator, provider, fault);
      const counted = simulator.stats().map((stats) => stats.faults[fault] ?? 0);
      assert.equal(Math.max(...counted), 1, provider);
    }
  });
}

test('slow_first_token keeps every vendor’s client waiting for half a minute', async (t) => {
  for (const provider of providerNames) {
    const clock = createManualClock();
    const faults = { rates: { slow_first_token: 1 } };
    const simulator = await startSimulator({ clock, faults });
    t.after(() => simulator.close());
    const began = clock.now();
    let done = false;
    const answered = call(simulator, provider)
      .then((response) => response.text())
      .then(() => {
        done = true;
      });
    while (simulator.stats().every((stats) => stats.in_flight === 0)) {
      await new Promise(setImmediate);
    }
    while (!done) {
      clock.advance(1_000);
      await new Promise(setImmediate);
    }
    await answered;
    assert.ok(clock.now() - began >= 30_000, `${provider}: ${clock.now() - began} ms`);
  }
});

test('every fault of the wire has its test', () => {
  assert.deepEqual(
    wireFaults.toSorted(),
    [...Object.keys(expected), 'slow_first_token'].toSorted(),
  );
});
