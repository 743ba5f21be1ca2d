import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startSimulator } from '../simulator/index.ts';
import { createManualClock } from '../src/platform/manual-clock.ts';
import type { StreamEvent } from '../src/protocol/index.ts';
import { drive } from './drive.ts';
import { newOrder, simulatedSpecs, startDispatch } from './start-dispatch.ts';

const models = {
  openai: 'openai/gpt-5.6-sol',
  anthropic: 'anthropic/claude-sonnet-5-5',
  gemini: 'gemini/gemini-3.6-flash',
  deepseek: 'deepseek/deepseek-v4-pro',
  qwen: 'qwen/qwen3.8-max',
};

describe('dispatch in front of the simulated vendors', () => {
  for (const [provider, model] of Object.entries(models)) {
    it(`answers a call to ${provider}, streamed and whole, and settles both`, async (t) => {
      const simulator = await startSimulator({ latencyScale: 0 });
      t.after(() => simulator.close());
      const { dispatch, store } = await startDispatch(t, {
        accounts: simulatedSpecs(simulator.accounts),
      });
      const whole = await dispatch.call(newOrder({ models: [model] }));
      const events: StreamEvent[] = [];
      const streamed = await dispatch.call(
        newOrder({ models: [model], onEvent: (event) => void events.push(event) }),
      );

      for (const outcome of [whole, streamed]) {
        assert.equal(outcome.provider, provider);
        assert.equal(outcome.simulated, true);
        assert.ok(outcome.answer.text.length > 0);
        assert.ok(outcome.answer.usage && outcome.answer.usage.output > 0);
        assert.ok(outcome.costNanoUsd !== null && outcome.costNanoUsd > 0);
      }
      const heard = events.flatMap((event) => (event.type === 'text' ? event.text : []));
      assert.equal(heard.join(''), streamed.answer.text);
      assert.ok(heard.length > 1, 'the text came in pieces');
      assert.equal(events.at(-1)?.type, 'end');

      const rows = await store.transaction('system', (tx) =>
        tx.query<{ outcome: string; cost_nano_usd: number; account_id: string }>(
          'SELECT outcome, cost_nano_usd, account_id FROM attempts ORDER BY id',
        ),
      );
      assert.deepEqual(
        rows.map((row) => [row.outcome, row.cost_nano_usd]),
        [
          ['succeeded', whole.costNanoUsd],
          ['succeeded', streamed.costNanoUsd],
        ],
      );
    });
  }

  it('spends every account to its limit in a burst, and is never refused', async (t) => {
    const simulator = await startSimulator({ latencyScale: 0 });
    t.after(() => simulator.close());
    const { dispatch } = await startDispatch(t, { accounts: simulatedSpecs(simulator.accounts) });
    // 210 requests a minute over three accounts, but 1,020,000 tokens: the cap of 6,000 is what binds.
    const request = {
      messages: [{ role: 'user' as const, content: 'Hello.' }],
      maxOutputTokens: 6000,
    };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 250 }, () =>
        dispatch.call(newOrder({ models: [models.openai], request, maxWaitMs: 0 })),
      ),
    );
    const answered = outcomes.filter(({ status }) => status === 'fulfilled').length;
    assert.equal(answered, 100 + 50 + 20);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      assert.equal(outcome.reason.code, 'no_capacity');
      assert.ok(outcome.reason.retryAfterMs > 30_000 && outcome.reason.retryAfterMs < 61_000);
    }
    const seen = simulator.stats().filter(({ provider }) => provider === 'openai');
    assert.deepEqual(
      seen.map(({ rate_limited }) => rate_limited),
      [0, 0, 0],
    );
  });

  it('sees that somebody else uses an account, by what its vendor still grants', async (t) => {
    const simulator = await startSimulator({ latencyScale: 0 });
    t.after(() => simulator.close());
    const account = simulator.accounts.find(({ id }) => id === 'openai-a');
    assert.ok(account);
    const { dispatch } = await startDispatch(t, { accounts: simulatedSpecs([account]) });
    const order = newOrder({ models: [models.openai] });
    await dispatch.call(order);
    const foreign = () =>
      dispatch.gauges().find(({ dimension }) => dimension === 'rpm')?.foreign ?? Number.NaN;
    assert.equal(foreign(), 0);
    for (let other = 0; other < 30; other += 1) {
      const reply = await fetch(`${account.base_url}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${account.secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'gpt-5.6-sol',
          messages: [{ role: 'user', content: `Hello ${other}.` }],
          max_completion_tokens: 10,
        }),
      });
      assert.equal(reply.status, 200, await reply.text());
    }
    await dispatch.call(order);
    // Its bucket refills by two a second while they come.
    assert.ok(foreign() > 5 && foreign() <= 30, `${foreign()}`);
  });

  it('keeps within what each vendor enforces while calls wait for their turn', async (t) => {
    // One time for both: a stall of the machine between the two would be a late call, which a second's
    // share forgives as far as a tenth of it.
    const clock = createManualClock(Date.now());
    const simulator = await startSimulator({ latencyScale: 0.05, clock });
    t.after(() => simulator.close());
    const accounts = simulatedSpecs(simulator.accounts);
    const { dispatch } = await startDispatch(t, { accounts, clock });
    const deadlineAt = clock.now() + 120_000;
    const calls = [models.anthropic, models.deepseek, models.qwen, models.gemini].flatMap((model) =>
      Array.from({ length: 15 }, () => dispatch.call(newOrder({ models: [model], deadlineAt }))),
    );
    await drive(clock, Promise.all(calls), 10);
    for (const account of simulator.stats()) assert.equal(account.rate_limited, 0, account.account);
  });
});
