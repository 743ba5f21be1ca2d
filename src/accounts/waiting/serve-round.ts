import type { Clock } from '../../platform/clock.ts';
import type { Ask, Limiter, ReserveOutcome } from '../limiter.ts';
import { createHold } from './hold.ts';
import type { Pacer } from './pacer.ts';
import { patienceOf } from './patience-of.ts';
import { isHopeless, refusalError } from './refusal-error.ts';
import { createRefusedCosts, type RefusedCosts } from './refused-costs.ts';
import type { Reserves } from './reserves.ts';
import type { Grant, Waiter } from './waiter.ts';
import type { WaitingLine } from './waiting-line.ts';

export interface RoundDeps {
  limiter: Limiter;
  clock: Clock;
  line: WaitingLine;
  reserves: Reserves;
  pacer: Pacer;
}

/** One walk along the line. */
export interface Round {
  /** Serves whom it can, in order; answers in how many ms to look again, `null` where nobody waits for a time. */
  serve(): Promise<number | null>;
  /** How long the first who was refused in the last walk has to wait at least, ms; 0 where nobody was. */
  headWaitMs(): number;
}

/** So many may be refused in one round, each smaller than those before it. */
const triedPerRound = 4;
/** So many are looked at; a long line need not be walked to its end for a gap that is left. */
const seenPerRound = 128;
/** What is left beside a held account may never fit a call; its own account will, ms. */
const besideMs = 1000;

export function createRound(deps: RoundDeps): Round {
  const { limiter, clock, line, reserves, pacer } = deps;
  const hold = createHold({ limiter, now: clock.now });
  let headAt = Number.NEGATIVE_INFINITY;

  /** Serves whom it can, in order; answers in how many ms to look again. */
  async function serve(): Promise<number | null> {
    const refused = createRefusedCosts();
    hold.begin();
    const againMs = await walk(refused);
    if (refused.count === 0) headAt = Number.NEGATIVE_INFINITY;
    return againMs;
  }

  async function walk(refused: RefusedCosts): Promise<number | null> {
    let seen = 0;
    for (const waiter of line.inOrder()) {
      const paceMs = paceOf(waiter);
      if (paceMs > 0) return Math.min(refused.earliestMs ?? paceMs, paceMs);
      seen += 1;
      if (seen > seenPerRound || refused.count >= triedPerRound) break;
      await consider(waiter, refused);
    }
    return refused.earliestMs;
  }

  /** An urgent call lives on what is kept for it. */
  function paceOf({ asked }: Waiter): number {
    return asked.lane === 'priority' ? 0 : pacer.waitMs();
  }

  function leaving(waiter: Waiter): Ask {
    const leave = reserves.leaveOf(waiter);
    return leave > 0 ? { ...waiter.asked.ask, leave } : waiter.asked.ask;
  }

  /** Tries one, unless it is known to be in vain. */
  async function consider(waiter: Waiter, refused: RefusedCosts): Promise<void> {
    const ask = leaving(waiter);
    if (refused.covers(ask)) return;
    const allowed = hold.restrict(ask);
    if (allowed === null) return;
    const waitMs = await tryOne(waiter, { ask: allowed, beside: allowed !== ask });
    if (waitMs === null) return;
    if (refused.count === 0) headAt = clock.now() + waitMs;
    refused.add(ask, waitMs);
    hold.offer(waiter, ask);
  }

  /** `null` when the waiter is done, else how long it has to wait at least. `beside`: one account is held. */
  async function tryOne(waiter: Waiter, { ask, beside }: Attempt): Promise<number | null> {
    if (waiter.done) return null;
    const outcome = await reserve(limiter, ask);
    if (outcome.kind === 'granted') {
      // It may have gone away while the limiter answered.
      if (waiter.done) await limiter.settle(outcome.reservationId, { outcome: 'unsent' });
      else admit(waiter, outcome);
    } else if (outcome.kind === 'failed') waiter.reject(outcome.error);
    else if (outcome.kind === 'wait' && !isHopeless(outcome, patienceOf(waiter, clock))) {
      waiter.refusedAt ??= clock.now();
      pacer.refused();
      return outcome.waitMs;
    } else if (beside) return besideMs;
    else waiter.reject(refusalError(outcome));
    return null;
  }

  function admit(waiter: Waiter, grant: Grant): void {
    const { ask } = waiter.asked;
    pacer.took(waiter, grant.headroom);
    reserves.served(waiter, pacer.tokensPerMs(ask));
    line.served(waiter);
    waiter.resolve(grant);
  }

  return { serve, headWaitMs: () => Math.max(0, headAt - clock.now()) };
}

interface Attempt {
  ask: Ask;
  /** One account is held, and this is what the others say. */
  beside: boolean;
}

async function reserve(
  limiter: Limiter,
  ask: Ask,
): Promise<ReserveOutcome | { kind: 'failed'; error: unknown }> {
  try {
    return await limiter.reserve(ask);
  } catch (error) {
    return { kind: 'failed', error };
  }
}
