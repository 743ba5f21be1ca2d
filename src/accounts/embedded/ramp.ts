import type { RampPolicy } from '../limiter.ts';

/** How far use may have grown by now; see `RampPolicy`. */
export interface Ramp {
  ceiling: number;
  /** The most that counted since `at`. */
  peak: number;
  /** Epoch ms of the last step; 0: nothing was spent yet. */
  at: number;
  readonly above: number;
  /** Continuous growth per ms: ln(growth) / perMs. */
  readonly rate: number;
}

/** Use counts as steady from this share of the ceiling on; below it the ceiling comes down again. */
const steady = 0.8;
/** A window fills and empties within a minute, so only its fullest moment says how much was used. */
const stepMs = 60_000;
/** A pause longer than this proves no steady use. */
const longestStepMs = 120_000;

export function createRamp({ above, growth, perMs }: RampPolicy): Ramp {
  return { ceiling: above, peak: 0, at: 0, above, rate: Math.log(growth) / perMs };
}

/** Something was spent, and `used` counts now. */
export function climb(ramp: Ramp, used: number, now: number): void {
  if (ramp.at === 0 || now < ramp.at) ramp.at = now;
  ramp.peak = Math.max(ramp.peak, used);
  if (now - ramp.at < stepMs) return;
  const step = ramp.ceiling * ramp.rate * Math.min(now - ramp.at, longestStepMs);
  ramp.ceiling =
    ramp.peak >= ramp.ceiling * steady
      ? ramp.ceiling + step
      : Math.max(ramp.above, ramp.ceiling - step);
  ramp.peak = used;
  ramp.at = now;
}
