/**
 * How much longer than its period a spend is kept, in ms: two calls a minute apart here reach the
 * vendor as much closer as their latencies differ, so it is the spread of recent ones. Recent is as long
 * as a spend stays in its window: what one late call took counts until that call has left.
 */
export interface WindowGuard {
  ms(): number;
  observe(firstByteMs: number, now: number): void;
}

export const maxGuardMs = 500;
const minGuardMs = 100;
/** Before so many, little is known. */
const enough = 16;
/** The longest that a spend of a minute's window stays, and a little more, ms. */
const turnMs = 61_000;

interface Extremes {
  least: number;
  most: number;
}

const none: Extremes = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };

export function createWindowGuard(): WindowGuard {
  // Of the turn that runs and of the one before, so that a turn is covered at every moment.
  let current = none;
  let before = none;
  let startedAt = 0;
  let count = 0;
  let guard = maxGuardMs;

  function turn(now: number): void {
    const ranMs = Math.abs(now - startedAt);
    if (ranMs < turnMs) return;
    before = ranMs < 2 * turnMs ? current : none;
    current = none;
    startedAt = now;
  }

  return {
    ms: () => guard,
    observe(firstByteMs, now) {
      turn(now);
      current = {
        least: Math.min(current.least, firstByteMs),
        most: Math.max(current.most, firstByteMs),
      };
      count += 1;
      if (count < enough) return;
      const spread = Math.max(current.most, before.most) - Math.min(current.least, before.least);
      guard = Math.min(maxGuardMs, Math.max(minGuardMs, spread));
    },
  };
}
