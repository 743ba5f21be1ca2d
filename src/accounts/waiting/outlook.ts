/**
 * How fast may be spent without running dry before what was spent comes back? What goes out now comes back
 * in a minute, so a burst leaves a hole that an even stream does not.
 */
export interface Outlook {
  spend(amount: number): void;
  /** What has not come back yet. */
  spent(): number;
  /** The steepest even rate, per ms, that what is `left` and what comes back bear for a minute. */
  rate(left: number): number;
}

/** What was spent in so many ms comes back together. */
const cellMs = 1000;
/** A spend stays in its vendor's window for a minute, its cell and some of the guard. */
const cells = 61;
/** What comes back within seconds is as uneven as single calls are; the limiter itself looks after that. */
const leastCells = 5;

export function createOutlook(now: () => number): Outlook {
  const spent = new Float64Array(cells);
  let current = Math.floor(now() / cellMs);

  /** Forgets what came back meanwhile. */
  function turn(): void {
    const cell = Math.floor(now() / cellMs);
    if (cell < current || cell - current >= cells) spent.fill(0);
    else for (let next = current + 1; next <= cell; next += 1) spent[next % cells] = 0;
    current = cell;
  }

  return {
    spend(amount) {
      turn();
      spent[current % cells] = (spent[current % cells] ?? 0) + amount;
    },
    spent() {
      turn();
      return spent.reduce((sum, amount) => sum + amount, 0);
    },
    rate(left) {
      turn();
      let sum = Math.max(0, left);
      let least = Number.POSITIVE_INFINITY;
      for (let ahead = 1; ahead < cells; ahead += 1) {
        sum += spent[(current + ahead) % cells] ?? 0;
        if (ahead >= leastCells) least = Math.min(least, sum / (ahead * cellMs));
      }
      return least;
    },
  };
}
