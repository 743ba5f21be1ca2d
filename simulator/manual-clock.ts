import type { Clock } from './clock.ts';

export interface ManualClock extends Clock {
  /** Moves the time and fires what falls due on the way, in order. */
  advance(ms: number): void;
}

/** A clock that stands still until it is told otherwise. */
export function createManualClock(start = Date.UTC(2026, 10, 20, 8)): ManualClock {
  let now = start;
  let timers: { at: number; fire: () => void }[] = [];
  return {
    now: () => now,
    setTimer(delayMs, fire) {
      const timer = { at: now + Math.max(0, delayMs), fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers = timers.filter((other) => other !== due);
        now = due.at;
        due.fire();
      }
      now = end;
    },
  };
}
