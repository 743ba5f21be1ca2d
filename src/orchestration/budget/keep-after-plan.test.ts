import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keepForFinishing } from '../accept/keep-for-finishing.ts';
import { shareAfterPlan } from './keep-after-plan.ts';

const least = { tokens: 3_300, nanoUsd: 420_000, model: 'qwen/flash' };
const dispatch = { models: () => [] };

test('whatever the plan took, one short answer is left to the work', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: least.tokens, max: 1_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (tokens, share) => {
        const settings = { budget: { usd: null, tokens }, rework: 1, models: [] };
        const kept = keepForFinishing(settings as never, dispatch, least).tokens;
        assert.ok(kept >= least.tokens && kept <= tokens);
        const { payable, kept: after } = shareAfterPlan(
          {
            ...{ limit_tokens: tokens, spent_tokens: Math.floor((tokens - kept) * share) },
            ...{ reserved_tokens: 0, kept_tokens: kept },
            ...{ limit_nano_usd: null, spent_nano_usd: 0, reserved_nano_usd: 0, kept_nano_usd: 0 },
          },
          least,
        );
        assert.ok((payable.tokens ?? 0) >= least.tokens);
        assert.ok(after.tokens >= 0);
        assert.equal(payable.nanoUsd, null);
      },
    ),
  );
});
