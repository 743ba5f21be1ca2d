/** Counts one dimension of one bucket. Amounts are whole numbers, times epoch ms. */
export interface Meter {
  /** What counts against the limit now, reservations included. */
  used(now: number): number;
  /**
   * Milliseconds until `cost` fits under `limit` if nothing more is taken: 0 now, `Infinity` never,
   * `untilRelease` when it depends on calls that have not ended.
   */
  waitFor(now: number, cost: number, limit: number): number;
  /** Milliseconds until the first of what counts now leaves; 0 where nothing counts or nobody can say. */
  refillsIn(now: number): number;
  take(now: number, cost: number): void;
  /** Replaces what was taken at `at` by what was used. */
  settle(taken: Taken, actual: number): void;
  /** Counts use that did not come from us, at a time that is not in the future. */
  count(at: number, amount: number, now: number): void;
  /** Counts what an earlier process spent; what has left the window since is gone. */
  restore(at: number, amount: number, now: number): void;
  /** The most that counted at any moment between; `Infinity` where nobody knows any more. */
  mostUsed(from: number, to: number, now: number): number;
  /** What survives a restart: pairs of epoch ms and amount. */
  entries(now: number): [number, number][];
}

export interface Taken {
  at: number;
  cost: number;
  now: number;
}

export const untilRelease = -1;
