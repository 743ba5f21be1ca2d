/** What is asked for per ms, lately. */
export interface Demand {
  add(amount: number): void;
  perMs(): number;
}

/** What was asked for longer ago than this, ms, weighs little. */
const memoryMs = 5000;

export function createDemand(now: () => number): Demand {
  let sum = 0;
  let at = now();

  function fade(): void {
    sum *= Math.exp(-Math.max(0, now() - at) / memoryMs);
    at = now();
  }

  return {
    add(amount) {
      fade();
      sum += amount;
    },
    perMs() {
      fade();
      return sum / memoryMs;
    },
  };
}
