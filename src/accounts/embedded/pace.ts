/**
 * Spaces calls evenly where a vendor also enforces a sixtieth of the minute per second: the generic
 * cell rate algorithm (ITU-T I.371) without a burst, so that a call larger than a second's share goes
 * alone and delays the next by its own size.
 */
export interface Pace {
  waitMs(now: number): number;
  take(now: number, cost: number, perMinute: number): void;
  /** Moves what follows by the difference between what was taken and what was used. */
  correct(delta: number, perMinute: number): void;
}

export function createPace(): Pace {
  let freeAt = 0;
  return {
    waitMs: (now) => Math.max(0, Math.ceil(freeAt - now)),
    take(now, cost, perMinute) {
      freeAt = Math.max(now, freeAt) + (cost * 60_000) / perMinute;
    },
    correct(delta, perMinute) {
      freeAt += (delta * 60_000) / perMinute;
    },
  };
}
