import { createEmbeddedLimiter } from '../../src/accounts/index.ts';
import { drawAccounts } from './draw-calls.ts';
import { createSimulatedClock } from './simulated-clock.ts';

const calls = 20_000;

/** Median time of one reservation over this many accounts whose windows are in use, in µs. */
export async function measureAdmission(count: number): Promise<number> {
  const clock = createSimulatedClock(Date.UTC(2026, 0, 1));
  const limiter = createEmbeddedLimiter({ clock, mayAdmit: () => true });
  const accounts = drawAccounts(count);
  await limiter.configure(
    accounts.map(({ id, tpm, rpm }) => ({
      id,
      rules: [{ models: ['*'], tpm, rpm }],
      policy: { dayZone: null, perSecondShares: false },
      usable: true,
    })),
  );
  const candidates = accounts.map(({ id }) => ({ accountId: id, modelClass: 'rule:*' }));
  const cost = { rpm: 1, tpm: 1000, concurrency: 1 };
  const took = new Float64Array(calls);
  for (let index = 0; index < calls; index += 1) {
    if (index % 10 === 0) await clock.runUntil(clock.now() + 20);
    const startedAt = performance.now();
    const outcome = await limiter.reserve({ candidates, cost, expiresAt: clock.now() + 60_000 });
    took[index] = (performance.now() - startedAt) * 1000;
    if (outcome.kind === 'granted') {
      await limiter.settle(outcome.reservationId, { outcome: 'used', actual: cost });
    }
  }
  await limiter.close();
  return took.sort()[calls / 2] ?? 0;
}
