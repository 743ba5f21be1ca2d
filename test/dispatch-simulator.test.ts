import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startSimulator } from '../simulator/index.ts';
import type { StreamEvent } from '../src/protocol/index.ts';
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
});
