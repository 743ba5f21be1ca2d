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
  /** Puts the call in line, or refuses it where those before it alone outlast its patience. */
  enter(waiter: Waiter): void;
  /** Its time has run out: refuses it. */
  giveUp(waiter: Waiter): void;
  /** Looks whom the limiter takes now. */
  serve(): void;
  /** The same, for room may have come earlier than the limiter told. */
  wake(): void;
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
    enter(waiter) {
      const alone = line.size() === 0;
      pacer.came(waiter);
      line.enter(waiter);
      if (alone && shedAlone(waiter)) return;
      arrivals.push({ waiter, ahead: line.ahead(waiter) });
      shedLate();
      if (!waiter.done) pool.serve();
    },
    giveUp(waiter) {
      shed(waiter, throughMs(waiter, line.ahead(waiter)) ?? 0);
      // Whoever stood behind it may fit where it did not.
      pool.serve();
    },
    serve: () => void serve(),
    wake() {
      round.forget();
      if (line.size() > 0) pool.serve();
    },
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
    if (pacer.waitMs() <= patienceOf(waiter, clock)) return false;
    shed(waiter, 0);
    return true;
  }

  /**
   * Sheds those who came last and whose turn comes too late, as soon as that is known, not after waiting
   * in vain. While those before them are on their way to what is free, it is not.
   */
  function shedLate(): void {
    if (round.headWaitMs() === 0 && pacer.waitMs() === 0) return;
    for (const { waiter, ahead } of arrivals) {
      if (waiter.done) continue;
      const turnMs = throughMs(waiter, Math.min(ahead, line.ahead(waiter)));
      const lateMs = (turnMs ?? 0) - patienceOf(waiter, clock);
      if (lateMs > 0) shed(waiter, lateMs);
    }
    arrivals = [];
  }

  /** How long the pool's limits take to let so many tokens through, ms; `null` while they are unknown. */
  function throughMs({ asked }: Waiter, tokens: number): number | null {
    const perMs = pacer.tokensPerMs(asked.ask);
    return perMs === null ? null : tokens / perMs;
  }

  /** `turnMs`: until its turn would come. Nothing it is told comes before there is room for it, either. */
  function shed(waiter: Waiter, turnMs: number): void {
    const roomMs = limiter.peek(waiter.asked.ask).waitMs ?? 0;
    const waitMs = Math.max(1, turnMs, roomMs, round.headWaitMs(), pacer.waitMs());
    waiter.reject(new HeadraceError('no_capacity', { retryAfterMs: Math.ceil(waitMs) }));
  }

  return pool;
}

/** Somebody who came, and the tokens that stood before the end of its call then. */
interface Arrival {
  waiter: Waiter;
  ahead: number;
}
