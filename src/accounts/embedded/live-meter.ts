import { type Meter, untilRelease } from './meter.ts';
import { createSlidingWindow, type WindowShape } from './sliding-window.ts';

/**
 * For what a vendor counts while it is produced (output tokens): held from sending to settlement, for
 * a call may outlast the window, and counted in the window from its end.
 */
export function createLiveMeter(shape: WindowShape): Meter {
  const window = createSlidingWindow(shape);
  let held = 0;
  return {
    used: (now) => window.used(now) + held,
    waitFor(now, cost, limit) {
      if (cost > limit) return Number.POSITIVE_INFINITY;
      if (held + cost > limit) return untilRelease;
      return window.waitUntil(now, limit - cost - held);
    },
    refillsIn: window.refillsIn,
    take(_now, cost) {
      held += cost;
    },
    settle({ cost, now }, actual) {
      held -= cost;
      window.add(now, actual, now);
    },
    count(at, amount, now) {
      if (!window.add(at, amount, now)) window.add(now, amount, now);
    },
    restore: window.add,
    // What calls under way have produced so far is in the vendor's number too.
    mostUsed: (from, to, now) => window.mostUsed(from, to, now) + held,
    entries(now) {
      window.used(now);
      const counted = window.entries();
      // After a crash nobody settles what was held: it counts as spent when the snapshot was taken.
      return held > 0 ? [...counted, [now, held]] : counted;
    },
  };
}
