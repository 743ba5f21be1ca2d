/** The fullest period so far, by a window of its own whatever the vendor enforces. */
export interface Peak {
  add(at: number, amount: number): void;
  /** Of the limit that holds now, in the period that ends now. */
  share(): number;
  /** How many amounts lie in that period. */
  entries(): number;
}

export function createPeak(periodMs: number, limit: () => number): Peak {
  const spent: { at: number; amount: number }[] = [];
  let first = 0;
  let sum = 0;
  return {
    add(at, amount) {
      spent.push({ at, amount });
      sum += amount;
      for (let old = spent[first]; old && old.at <= at - periodMs; old = spent[first]) {
        sum -= old.amount;
        first += 1;
      }
      if (first < 4096) return;
      spent.splice(0, first);
      first = 0;
    },
    share: () => sum / limit(),
    entries: () => spent.length - first,
  };
}
