import { sizeOf } from './call-size.ts';
import type { PoolHeadroom } from './dispatch.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import { nearModels, poolLeftAloneFor } from './left-alone.ts';
import type { Pool } from './model-directory.ts';

/** What the balancer plans with: the limiter's picture of every pool that serves one of `models`. */
export function measureHeadroom(
  parts: DispatchParts,
  models: readonly string[],
  size: { input: number; output: number },
): PoolHeadroom[] {
  const directory = parts.directory();
  const ids = models.length > 0 ? models : directory.list().map(({ id }) => id);
  const near = new Set(nearModels(parts, ids));
  return ids.flatMap((id) => {
    const pool = directory.find(id);
    if (!pool || pool.candidates.length === 0) return [];
    const { provider } = pool.info;
    const leftAlone = poolLeftAloneFor(parts, pool);
    if (!near.has(id)) {
      return [{ provider, model: id, headroom: 0, callsNow: 0, waitMs: leftAlone }];
    }
    const output = Math.min(size.output, pool.info.maxOutputTokens);
    const gate = parts.gates.of(id);
    // Nobody else can take it: to hear at once that nobody is reached beats waiting for a breaker's trial.
    const isOpen = leftAlone > 0 && gate.refusal()?.reason === 'breaker';
    const { headroom, callsNow, waitMs } = parts.limiter.peek({
      candidates: pool.candidates,
      // Whose call it will be is not known here: what the model does for all of them is.
      cost: pool.provider.charge(
        parts.estimates.estimate({
          tenantId: '',
          model: id,
          size: sizeOf({ input: size.input, output }),
        }).cautious,
      ),
      expiresAt: parts.clock.now(),
      gate: isOpen ? undefined : gate,
    });
    const queued = parts.room.waiting(id);
    return [
      {
        provider,
        model: id,
        headroom,
        // Those who wait already come first.
        callsNow: Math.max(0, callsNow - queued),
        waitMs: waitMs ?? (isDraining(pool) ? drainingMs : neverMs),
      },
    ];
  });
}

/** None of its accounts takes calls, by an operator's word, which may change any moment. */
function isDraining({ accounts }: Pool): boolean {
  return accounts.every(({ state }) => state === 'draining');
}

/** How soon a pool that is drained is looked at again. */
const drainingMs = 60_000;

/** Longer than any run: what never fits is never worth waiting for. */
const neverMs = 365 * 86_400_000;
