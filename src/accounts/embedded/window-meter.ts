import type { Meter } from './meter.ts';
import { createSlidingWindow, type WindowShape } from './sliding-window.ts';

/** For what a vendor counts when the call arrives: requests, input, a reserved output cap. */
export function createWindowMeter(shape: WindowShape): Meter {
  const window = createSlidingWindow(shape);
  return {
    used: window.used,
    waitFor: (now, cost, limit) =>
      cost > limit ? Number.POSITIVE_INFINITY : window.waitUntil(now, limit - cost),
    refillsIn: window.refillsIn,
    take(now, cost) {
      window.add(now, cost, now);
    },
    settle({ at, cost, now }, actual) {
      // A call longer than the window left it with its reservation; only what it used beyond counts.
      const placed = window.add(at, actual - cost, now);
      if (!placed && actual > cost) window.add(now, actual - cost, now);
    },
    count(at, amount, now) {
      if (!window.add(at, amount, now)) window.add(now, amount, now);
    },
    restore: window.add,
    mostUsed: window.mostUsed,
    entries(now) {
      window.used(now);
      return window.entries();
    },
  };
}
