/**
 * What was spent in the last `periodMs`, in cells of `cellMs`: O(1) amortised. A cell leaves whole,
 * when its last instant is a period (and the guard) old, so any period contains at most the limit.
 * Why not a token bucket: see docs/limits.md; its burst adds to the refill of the same minute.
 */
export interface SlidingWindow {
  used(now: number): number;
  /** Milliseconds until at most `atMost` is used, if nothing more is spent; `Infinity` where never. */
  waitUntil(now: number, atMost: number): number;
  /** Counts `amount` at time `at`. A negative one takes back. `false`: that time has left the window. */
  add(at: number, amount: number, now: number): boolean;
  /** What was spent in cells that begin after `at`. */
  usedAfter(at: number): number;
  /** What is in it, as pairs of epoch ms and amount; for snapshots. */
  entries(): [number, number][];
}

export interface WindowShape {
  periodMs: number;
  cellMs: number;
  /** The vendor sees calls later than we send them, by a time that varies: this much is waited on top. */
  guardMs: () => number;
  /** No guard is larger. */
  maxGuardMs: number;
}

export function createSlidingWindow(shape: WindowShape): SlidingWindow {
  const { periodMs, cellMs } = shape;
  const capacity = Math.ceil((periodMs + shape.maxGuardMs) / cellMs) + 3;
  const cells = createRing(capacity);
  let oldest = 0;
  let newest = 0;
  let total = 0;
  let lastNow = -1;
  let lastLife = -1;

  const cellOf = (at: number) => Math.floor(at / cellMs);
  const lifeMs = () => periodMs + Math.min(shape.guardMs(), shape.maxGuardMs);

  /** A clock set back would keep what lies in its future for as long: all of it counts as spent now. */
  function collapse(cell: number): void {
    cells.clear();
    cells.set(cell, total);
    oldest = cell;
    newest = cell;
  }

  function expire(now: number): void {
    const life = lifeMs();
    // Admission asks many times at one instant, and nothing expires in between.
    if (now === lastNow && life === lastLife) return;
    lastNow = now;
    lastLife = life;
    if (cellOf(now) < newest - 1) collapse(cellOf(now));
    const firstAlive = Math.floor((now - life) / cellMs);
    if (firstAlive <= oldest) return;
    if (firstAlive > newest) {
      if (total !== 0) cells.clear();
      total = 0;
      newest = firstAlive;
    }
    for (let cell = oldest; cell < firstAlive && total !== 0; cell += 1) {
      total -= cells.get(cell);
      cells.set(cell, 0);
    }
    oldest = firstAlive;
  }

  return {
    used(now) {
      expire(now);
      return total;
    },
    waitUntil(now, atMost) {
      expire(now);
      if (total <= atMost) return 0;
      if (atMost < 0) return Number.POSITIVE_INFINITY;
      let left = total;
      for (let cell = oldest; cell <= newest; cell += 1) {
        left -= cells.get(cell);
        if (left <= atMost) return Math.max(0, (cell + 1) * cellMs + lifeMs() - now);
      }
      return Number.POSITIVE_INFINITY;
    },
    add(at, amount, now) {
      expire(now);
      const cell = cellOf(at);
      if (cell < oldest) return false;
      const place = Math.min(cell, Math.max(newest, cellOf(now)));
      cells.set(place, cells.get(place) + amount);
      total += amount;
      if (place > newest) newest = place;
      return true;
    },
    usedAfter(at) {
      let sum = 0;
      for (let cell = newest; cell > cellOf(at) && cell >= oldest; cell -= 1)
        sum += cells.get(cell);
      return sum;
    },
    entries() {
      const found: [number, number][] = [];
      for (let cell = oldest; cell <= newest; cell += 1) {
        const amount = cells.get(cell);
        if (amount !== 0) found.push([cell * cellMs, amount]);
      }
      return found;
    },
  };
}

/** Most dimensions of most accounts are never used, so nothing is allocated before the first write. */
function createRing(capacity: number) {
  let amounts = new Float64Array(0);
  return {
    get: (cell: number) => amounts[cell % capacity] ?? 0,
    set(cell: number, amount: number): void {
      if (amounts.length === 0) amounts = new Float64Array(capacity);
      amounts[cell % capacity] = amount;
    },
    clear: () => void amounts.fill(0),
  };
}
