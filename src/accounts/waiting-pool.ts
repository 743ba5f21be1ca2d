import type { Clock } from '../platform/clock.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Ask, Limiter, Refusal, ReserveOutcome } from './limiter.ts';
import type { Waiter } from './waiter.ts';
import type { WaitingLine } from './waiting-line.ts';

export interface WaitingPool {
  readonly line: WaitingLine;
  /** How long the head of the line has to wait at least, ms, by the last look. */
  lastWaitMs: number;
  /** Looks whom the limiter takes now. */
  serve(): void;
  close(): void;
}

/** From this refusal on nobody overtakes: what frees up is kept for the call at the head of the line. */
const holdFrom = 3;
/** A newcomer may overtake a call that does not fit yet, but only this many are tried at a time. */
const triedPerRound = 8;

export function createWaitingPool(
  { limiter, clock }: { limiter: Limiter; clock: Clock },
  line: WaitingLine,
): WaitingPool {
  let cancelTimer: (() => void) | null = null;
  let serving = false;
  let again = false;
  const pool: WaitingPool = {
    line,
    lastWaitMs: 0,
    serve: () => void serve(),
    close: () => cancelTimer?.(),
  };

  /** One round at a time: two would ask for the same call twice. */
  async function serve(): Promise<void> {
    again = true;
    if (serving) return;
    serving = true;
    while (again) {
      again = false;
      const waitMs = await serveOnce();
      cancelTimer?.();
      cancelTimer = waitMs === null ? null : clock.setTimer(Math.max(1, waitMs), pool.serve);
    }
    serving = false;
  }

  /** Serves whom it can, in order; answers in how many ms to look again. */
  async function serveOnce(): Promise<number | null> {
    let earliest: number | null = null;
    let refused = 0;
    for (const waiter of line.inOrder()) {
      const waitMs = await tryOne(waiter);
      if (waitMs === null) continue;
      if (refused === 0) pool.lastWaitMs = waitMs;
      earliest = Math.min(earliest ?? waitMs, waitMs);
      refused += 1;
      if (waiter.refusals >= holdFrom || refused >= triedPerRound) break;
    }
    return earliest;
  }

  /** `null` when the waiter is done, else how long it has to wait at least. */
  async function tryOne(waiter: Waiter): Promise<number | null> {
    if (waiter.done) return null;
    const outcome = await reserve(waiter.asked.ask);
    if (outcome.kind === 'granted') {
      // It may have gone away while the limiter answered.
      if (waiter.done) await limiter.settle(outcome.reservationId, { outcome: 'unsent' });
      else waiter.resolve(outcome);
    } else if (outcome.kind === 'failed') waiter.reject(outcome.error);
    else if (outcome.kind !== 'wait' || isHopeless(outcome, waiter.asked.admitBy - clock.now())) {
      waiter.reject(refusalError(outcome));
    } else {
      waiter.refusals += 1;
      return outcome.waitMs;
    }
    return null;
  }

  async function reserve(ask: Ask): Promise<ReserveOutcome | { kind: 'failed'; error: unknown }> {
    try {
      return await limiter.reserve(ask);
    } catch (error) {
      return { kind: 'failed', error };
    }
  }

  return pool;
}

/** Shed on arrival: it cannot be admitted in time, or only a person's help makes it likely. */
function isHopeless(refusal: Extract<Refusal, { kind: 'wait' }>, patienceMs: number): boolean {
  return refusal.waitMs > patienceMs || (needsHelp(refusal) && refusal.waitMs > helplessMs);
}

/** A key was refused or a quota is used up at every account: the pause is a probe's, not a window's. */
function needsHelp({ pausedFor }: Extract<Refusal, { kind: 'wait' }>): boolean {
  return pausedFor === 'credential' || pausedFor === 'quota_exhausted';
}

const helplessMs = 5000;

function refusalError(refusal: Refusal): HeadraceError {
  switch (refusal.kind) {
    case 'never_fits':
      return new HeadraceError('never_fits', {
        message: `The call is larger than the largest ${refusal.dimension} limit, ${refusal.limit}.`,
      });
    case 'unusable':
      return new HeadraceError('upstream_credentials_exhausted');
    case 'wait': {
      const code = needsHelp(refusal) ? 'upstream_credentials_exhausted' : 'no_capacity';
      return new HeadraceError(code, { retryAfterMs: Math.max(1, Math.ceil(refusal.waitMs)) });
    }
  }
}
