import type { Clock } from './clock.ts';

interface Timer {
  at: number;
  order: number;
  fire: () => void;
}

/** A clock that moves only when told to: timers fire in order of time, then of setting. */
export interface ManualClock extends Clock {
  /** Moves time forward by `ms`, firing every timer that falls due, and lets promises settle between them. */
  advance(ms: number): Promise<void>;
  /** The time at which the next timer is due, or `undefined` with none set. */
  nextTimerAt(): number | undefined;
}

export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let time = startMs;
  let order = 0;
  const timers = new Set<Timer>();

  const earliest = () => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  };

  return {
    now: () => time,
    setTimer(delayMs, fire) {
      const timer = { at: time + Math.max(0, delayMs), order: order++, fire };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    nextTimerAt: () => earliest()?.at,
    async advance(ms) {
      const end = time + ms;
      await settlePromises();
      for (let next = earliest(); next && next.at <= end; next = earliest()) {
        timers.delete(next);
        time = next.at;
        next.fire();
        await settlePromises();
      }
      time = end;
      await settlePromises();
    },
  };
}

function settlePromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
