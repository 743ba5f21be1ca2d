import type { Clock } from '../../platform/clock.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Limiter } from '../limiter.ts';
import { createPacer } from './pacer.ts';
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
  let arrivals: Arrival[] = [];
  const pacer = createPacer({ limiter, now: clock.now });
  const round = createRound({ ...deps, pacer });
  const pool: WaitingPool = {
    line,
    lastWaitMs: () => round.headWaitMs(),
    enter(waiter) {
      const alone = line.size() === 0;
      line.enter(waiter);
      if (alone && shedAlone(waiter)) return;
      arrivals.push({ waiter, ahead: line.ahead(waiter) });
      shedLate();
      if (!waiter.done) pool.serve();
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
      arrivals = arrivals.filter(({ waiter }) => !waiter.done);
      shedLate();
      cancelTimer?.();
      cancelTimer = waitMs === null ? null : clock.setTimer(Math.max(1, waitMs), pool.serve);
    }
    serving = false;
  }

  function shedAlone(waiter: Waiter): boolean {
    const waitMs = pacer.waitMs();
    if (waitMs <= patienceOf(waiter, clock)) return false;
    shed(waiter, Math.max(waitMs, limiter.peek(waiter.asked.ask).waitMs ?? 0));
    return true;
  }

  /**
   * Sheds those who came last and whose turn comes too late, as soon as that is known, not after waiting
   * in vain. While those before them are on their way to what is free, it is not.
   */
  function shedLate(): void {
    const waitMs = Math.max(round.headWaitMs(), pacer.waitMs());
    if (waitMs === 0) return;
    for (const { waiter, ahead } of arrivals) {
      if (waiter.done) continue;
      const perMs = pacer.tokensPerMs(waiter.asked.ask);
      if (perMs === null) continue;
      const lateMs = Math.min(ahead, line.ahead(waiter)) / perMs - patienceOf(waiter, clock);
      if (lateMs > 0) shed(waiter, Math.max(lateMs, waitMs));
    }
    arrivals = [];
  }

  return pool;
}

/** Somebody who came, and the tokens that stood before the end of its call then. */
interface Arrival {
  waiter: Waiter;
  ahead: number;
}

function shed(waiter: Waiter, retryAfterMs: number): void {
  waiter.reject(new HeadraceError('no_capacity', { retryAfterMs: Math.ceil(retryAfterMs) }));
}
