import { type Meter, untilRelease } from './meter.ts';

/** For calls at the same time: taken on sending, given back when the call ends, however it ends. */
export function createSlotsMeter(): Meter {
  let held = 0;
  return {
    used: () => held,
    waitFor(_now, cost, limit) {
      if (cost > limit) return Number.POSITIVE_INFINITY;
      return held + cost <= limit ? 0 : untilRelease;
    },
    refillsIn: () => 0,
    take(_now, cost) {
      held += cost;
    },
    settle({ cost }) {
      held -= cost;
    },
    // The calls of others end without our hearing of it, so they are not counted.
    count() {},
    // The connections of a process that died are closed; nothing of it is in flight.
    restore() {},
    // No vendor states how many calls it sees.
    mostUsed: () => Number.POSITIVE_INFINITY,
    entries: () => [],
  };
}
