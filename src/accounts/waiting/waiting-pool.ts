import type { Clock } from '../../platform/clock.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Limiter } from '../limiter.ts';
import { createPacer, type Pacer } from './pacer.ts';
import { patienceOf } from './patience-of.ts';
import type { Reserves } from './reserves.ts';
import { createRound } from './serve-round.ts';
import type { Waiter } from './waiter.ts';
import type { WaitingLine } from './waiting-line.ts';

export interface WaitingPool {
  readonly line: WaitingLine;
  /** How long the head of the line has to wait at least, ms, by the last look. */
  lastWaitMs(): number;
  /** Puts the call in line, or refuses it where those before it alone outlast its patience. */
  enter(waiter: Waiter): void;
  /** Looks whom the limiter takes now. */
  serve(): void;
  close(): void;
}

export interface WaitingPoolDeps {
  limiter: Limiter;
  clock: Clock;
  line: WaitingLine;
  reserves: Reserves;
}

export function createWaitingPool(deps: WaitingPoolDeps): WaitingPool {
  const { limiter, clock, line } = deps;
  let cancelTimer: (() => void) | null = null;
  let serving = false;
  let again = false;
  const pacer = createPacer({ limiter, now: clock.now });
  const round = createRound({ ...deps, pacer });
  const pool: WaitingPool = {
    line,
    lastWaitMs: () => round.headWaitMs(),
    enter(waiter) {
      const alone = line.size() === 0;
      line.enter(waiter);
      if (!shed(waiter, { limiter, clock, pacer, line, alone })) pool.serve();
    },
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
      const waitMs = await round.serve();
      cancelTimer?.();
      cancelTimer = waitMs === null ? null : clock.setTimer(Math.max(1, waitMs), pool.serve);
    }
    serving = false;
  }

  return pool;
}

interface Arrival {
  limiter: Limiter;
  clock: Clock;
  pacer: Pacer;
  line: WaitingLine;
  alone: boolean;
}

function shed(waiter: Waiter, arrival: Arrival): boolean {
  const retryAfterMs = lateness(waiter, arrival);
  if (retryAfterMs === null) return false;
  waiter.reject(new HeadraceError('no_capacity', { retryAfterMs }));
  return true;
}

/** Shed on arrival, not after waiting in vain: in how many ms to come back, `null` where it may wait. */
function lateness(waiter: Waiter, { limiter, clock, pacer, line, alone }: Arrival): number | null {
  const { ask } = waiter.asked;
  const patienceMs = patienceOf(waiter, clock);
  if (alone && pacer.waitMs() > patienceMs) {
    return Math.ceil(Math.max(pacer.waitMs(), limiter.peek(ask).waitMs ?? 0));
  }
  const perMs = alone ? null : pacer.tokensPerMs(ask);
  if (perMs === null) return null;
  const lateMs = line.ahead(waiter) / perMs - patienceMs;
  return lateMs > 0 ? Math.ceil(lateMs) : null;
}
