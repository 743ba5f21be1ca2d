import type { Clock } from '../../platform/clock.ts';
import type { Ask, Limiter, ReserveOutcome } from '../limiter.ts';
import type { Pacer } from './pacer.ts';
import { patienceOf } from './patience-of.ts';
import { isHopeless, refusalError } from './refusal-error.ts';
import type { Reserves } from './reserves.ts';
import type { Grant, Waiter } from './waiter.ts';
import type { WaitingLine } from './waiting-line.ts';

export interface AskDeps {
  limiter: Limiter;
  clock: Clock;
  line: WaitingLine;
  reserves: Reserves;
  pacer: Pacer;
}

export interface Attempt {
  waiter: Waiter;
  ask: Ask;
  /** Differs from `ask` where one account is held, and this is what the others may say. */
  allowed: Ask;
}

/** What is left beside a held account may never fit a call; its own account will, ms. */
const besideMs = 1000;

/**
 * Asks the limiter for all of these in one moment, admits whom it takes, in order, and answers of each how
 * long it has to wait at least, ms; `null` where its waiting is over.
 */
export function createAsking(
  deps: AskDeps,
): (attempts: readonly Attempt[]) => Promise<(number | null)[]> {
  const { limiter, clock, line, reserves, pacer } = deps;

  async function conclude(attempt: Attempt, outcome: Outcome): Promise<number | null> {
    const { waiter, ask, allowed } = attempt;
    if (outcome.kind === 'granted') {
      // It may have gone away while the limiter answered.
      if (waiter.done) await limiter.settle(outcome.reservationId, { outcome: 'unsent' });
      else admit(waiter, outcome);
    } else if (outcome.kind === 'failed') waiter.reject(outcome.error);
    else if (outcome.kind === 'wait' && !isHopeless(outcome, patienceOf(waiter, clock))) {
      waiter.refusedAt ??= clock.now();
      pacer.refused();
      return outcome.waitMs;
    } else if (allowed !== ask) return besideMs;
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

  return async (attempts) => {
    const outcomes = attempts.map(async (attempt) => ({
      attempt,
      outcome: await reserve(limiter, attempt.allowed),
    }));
    const waits: (number | null)[] = [];
    for (const { attempt, outcome } of await Promise.all(outcomes)) {
      waits.push(await conclude(attempt, outcome));
    }
    return waits;
  };
}

type Outcome = ReserveOutcome | { kind: 'failed'; error: unknown };

async function reserve(limiter: Limiter, ask: Ask): Promise<Outcome> {
  try {
    return await limiter.reserve(ask);
  } catch (error) {
    return { kind: 'failed', error };
  }
}
