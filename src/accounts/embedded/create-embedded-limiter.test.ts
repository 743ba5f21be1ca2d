import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createManualClock } from '../../platform/manual-clock.ts';
import { defineLimiterContract, limited, seats } from '../limiter.contract.ts';
import { defineLimiterChoices } from '../limiter-choice.contract.ts';
import { defineLimiterLearning } from '../limiter-learning.contract.ts';
import { defineLimiterObservations } from '../limiter-observation.contract.ts';
import { defineLimiterSettlements } from '../limiter-settlement.contract.ts';
import { defineLimiterTraces } from '../limiter-trace.contract.ts';
import { createEmbeddedLimiter } from './create-embedded-limiter.ts';

const noGuard = () => ({ ms: () => 0, observe: () => undefined });

const open = async () => {
  const clock = createManualClock();
  const limiter = createEmbeddedLimiter({ clock, mayAdmit: () => true, createGuard: noGuard });
  return { limiter, now: clock.now, advance: clock.advance };
};
defineLimiterContract('the process itself', open);
defineLimiterTraces('the process itself', open);
defineLimiterChoices('the process itself', open);
defineLimiterObservations('the process itself', open);
defineLimiterLearning('the process itself', open);
defineLimiterSettlements('the process itself', open, { calls: 100_000, withDay: true });

it('refuses to admit without the instance lock', async () => {
  const clock = createManualClock();
  const limiter = createEmbeddedLimiter({ clock, mayAdmit: () => false });
  await limiter.configure([limited('a', { rpm: 10 })]);
  await assert.rejects(
    limiter.reserve({ candidates: seats('a'), cost: { rpm: 1 }, expiresAt: clock.now() + 1000 }),
    { code: 'limiter_not_shared' },
  );
});

it('keeps the shares of a second where the vendor enforces them, and lets a large call go alone', async () => {
  const clock = createManualClock();
  const limiter = createEmbeddedLimiter({ clock, mayAdmit: () => true, createGuard: noGuard });
  const policy = { dayZone: null, perSecondShares: true };
  await limiter.configure([{ ...limited('a', { rpm: 120, tpm: 6000 }), policy }]);
  const reserve = (tpm: number) =>
    limiter.reserve({
      candidates: seats('a'),
      cost: { rpm: 1, tpm },
      expiresAt: clock.now() + 1e6,
    });
  assert.equal((await reserve(40)).kind, 'granted');
  assert.equal((await reserve(40)).kind, 'granted');
  const third = await reserve(1);
  assert.ok(third.kind === 'wait' && third.blockedBy === 'rpm' && third.waitMs <= 1010);
  assert.equal((await reserve(500)).kind, 'wait');
  await clock.advance(1010);
  assert.equal((await reserve(500)).kind, 'granted');
  assert.equal((await reserve(1)).kind, 'wait');
});
