/**
 * What was spent in the last `periodMs`, in cells of `cellMs`: O(1) amortised. A cell leaves whole,
 * when its last instant is a period (and the guard) old, so any period contains at most the limit.
 * Why not a token bucket: see docs/limits.md; its burst adds to the refill of the same minute.
 */
export interface SlidingWindow {
  used(now: number): number;
  /** Milliseconds until at most `atMost` is used, if nothing more is spent; `Infinity` where never. */
  waitUntil(now: number, atMost: number): number;
  /** Milliseconds until the first of what is in it leaves; 0 where nothing is. */
  refillsIn(now: number): number;
  /** Counts `amount` at time `at`. A negative one takes back. `false`: that time has left the window. */
  add(at: number, amount: number, now: number): boolean;
  /**
   * The most that was in it at any moment between: what a vendor's answer states was true at some moment
   * between sending and its headers. `Infinity` where the first of them has left the window.
   */
  mostUsed(from: number, to: number, now: number): number;
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
  const { periodMs, cellMs, maxGuardMs } = shape;
  const lifeCells = Math.ceil((periodMs + maxGuardMs) / cellMs) + 3;
  // As long again as they count, cells are remembered for `mostUsed`.
  const state = createState(2 * lifeCells);
  const { cells } = state;
  const cellOf = (at: number) => Math.floor(at / cellMs);
  const lifeMs = () => periodMs + Math.min(shape.guardMs(), maxGuardMs);

  function expire(now: number): void {
    const life = lifeMs();
    // Admission asks many times at one instant, and nothing expires in between.
    if (now === state.lastNow && life === state.lastLife) return;
    state.lastNow = now;
    state.lastLife = life;
    if (cellOf(now) < state.newest - 1) collapse(state, cellOf(now));
    dropBefore(state, Math.floor((now - life) / cellMs));
  }

  return {
    used(now) {
      expire(now);
      return state.total;
    },
    waitUntil(now, atMost) {
      expire(now);
      if (state.total <= atMost) return 0;
      if (atMost < 0) return Number.POSITIVE_INFINITY;
      const cell = cells.gather(state.oldest, state.newest, state.total - atMost);
      if (cell === null) return Number.POSITIVE_INFINITY;
      return Math.max(0, (cell + 1) * cellMs + lifeMs() - now);
    },
    refillsIn(now) {
      expire(now);
      if (state.total <= 0) return 0;
      return Math.max(0, (firstUsed(state) + 1) * cellMs + lifeMs() - now);
    },
    add(at, amount, now) {
      expire(now);
      const cell = cellOf(at);
      if (cell < state.oldest) return false;
      if (amount === 0) return true;
      const place = Math.min(cell, Math.max(state.newest, cellOf(now)));
      cells.set(place, cells.get(place) + amount);
      state.total += amount;
      state.newest = Math.max(state.newest, place);
      return true;
    },
    mostUsed(from, to, now) {
      expire(now);
      const first = cellOf(from);
      const last = Math.min(cellOf(to), cellOf(now));
      if (first < state.oldest) return Number.POSITIVE_INFINITY;
      const span = Math.ceil(lifeMs() / cellMs);
      let used = state.total;
      for (let cell = cellOf(now) - span; cell < state.oldest; cell += 1) used += cells.get(cell);
      let most = 0;
      for (let cell = cellOf(now); cell >= first; cell -= 1) {
        if (cell <= last) most = Math.max(most, used);
        used += cells.get(cell - 1 - span) - cells.get(cell);
      }
      return most;
    },
    entries() {
      const found: [number, number][] = [];
      for (let cell = state.oldest; cell <= state.newest; cell += 1) {
        const amount = cells.get(cell);
        if (amount !== 0) found.push([cell * cellMs, amount]);
      }
      return found;
    },
  };
}

interface WindowState {
  readonly cells: ReturnType<typeof createRing>;
  readonly capacity: number;
  /** Numbers of cells, counted from the epoch. */
  oldest: number;
  newest: number;
  total: number;
  lastNow: number;
  lastLife: number;
}

function createState(capacity: number): WindowState {
  const cells = createRing(capacity);
  return { cells, capacity, oldest: 0, newest: 0, total: 0, lastNow: -1, lastLife: -1 };
}

function firstUsed({ cells, oldest, newest }: WindowState): number {
  let cell = oldest;
  while (cell < newest && cells.get(cell) === 0) cell += 1;
  return cell;
}

/** A clock set back would keep what lies in its future for as long: all of it counts as spent now. */
function collapse(state: WindowState, cell: number): void {
  state.cells.clear();
  state.cells.set(cell, state.total);
  state.oldest = cell;
  state.newest = cell;
}

/** What leaves the window is remembered until its place in the ring is needed. */
function dropBefore(state: WindowState, firstAlive: number): void {
  if (firstAlive <= state.oldest) return;
  const { cells, capacity } = state;
  const kept = capacity / 2;
  if (firstAlive - state.oldest >= kept) cells.clear();
  else for (let cell = state.oldest; cell < firstAlive; cell += 1) cells.set(cell - kept, 0);
  const lastDead = Math.min(firstAlive - 1, state.newest);
  for (let cell = state.oldest; cell <= lastDead; cell += 1) state.total -= cells.get(cell);
  if (firstAlive > state.newest) {
    state.total = 0;
    state.newest = firstAlive;
  }
  state.oldest = firstAlive;
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
    /** The first cell with which those from the oldest on hold so much; `null` where all hold less. */
    gather(oldest: number, newest: number, amount: number): number | null {
      let sum = 0;
      // Numbers of cells are too large for a quick remainder, and a full pool asks for thousands at once.
      let place = oldest % capacity;
      for (let cell = oldest; cell <= newest; cell += 1) {
        sum += amounts[place] ?? 0;
        if (sum >= amount) return cell;
        place += 1;
        if (place === capacity) place = 0;
      }
      return null;
    },
    clear: () => void amounts.fill(0),
  };
}
