/** Learns from what calls turned out to take what the next one will, in whatever unit it is told. */
export interface Learner {
  /** A value that at most `1 - target` of the next ones exceed; `null` until enough were seen. */
  bound(): number | null;
  /** Of the values remembered; `null` where there are none. */
  mean(): number | null;
  learn(value: number): void;
}

/** Enough for a ninth decile, few enough to follow another kind of work within minutes. */
const remembered = 100;
/** Before so many the largest one seen says nothing about the next. */
const needed = 8;
/** How fast the correction follows what was exceeded, per value. */
const rate = 0.05;
/** The correction, as a logarithm, stays within a factor of four. */
const farthest = Math.log(4);

/**
 * The `target` quantile of the last values, times a correction that grows with every value above the bound
 * and shrinks with every one below it, so that the share of those above tends to `1 - target` whatever the
 * values do (adaptive conformal inference: Gibbs & Candès 2021; here on a logarithmic scale).
 */
export function createLearner(target: number): Learner {
  const ring: number[] = [];
  const sorted: number[] = [];
  let next = 0;
  let sum = 0;
  let correction = 0;

  function bound(): number | null {
    if (sorted.length < needed) return null;
    const rank = Math.min(sorted.length, Math.ceil(target * (sorted.length + 1))) - 1;
    return (sorted[rank] ?? 0) * Math.exp(correction);
  }

  function forget(): void {
    const oldest = ring[next];
    if (oldest === undefined) return;
    sum -= oldest;
    sorted.splice(placeOf(sorted, oldest), 1);
  }

  return {
    bound,
    mean: () => (sorted.length === 0 ? null : sum / sorted.length),
    learn(value) {
      const before = bound();
      if (before !== null) {
        const exceeded = value > before ? 1 : 0;
        correction += rate * (exceeded - (1 - target));
        correction = Math.min(farthest, Math.max(-farthest, correction));
      }
      forget();
      ring[next] = value;
      next = (next + 1) % remembered;
      sum += value;
      sorted.splice(placeOf(sorted, value), 0, value);
    },
  };
}

/** Of the first that is not smaller. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
