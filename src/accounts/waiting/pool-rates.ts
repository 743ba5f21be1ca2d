import type { Candidate, Gauge } from '../limiter.ts';

/** What a pool's limits let through per ms; `null`: unknown or unlimited. */
export interface PoolRates {
  tokens: number | null;
  calls: number | null;
}

/** A spend stays in its minute's window a little longer: its cell, and some of the guard, ms. */
const turnMs = 60_200;

type Limits = Partial<Record<Gauge['dimension'], number>>;

/** The sum over the accounts of a pool, each at its own tightest limit of tokens. */
export function readPoolRates(
  gauges: readonly Gauge[],
  candidates: readonly Candidate[],
): PoolRates {
  const known = limitsByAccount(gauges, candidates);
  const sum = (of: (limits: Limits) => number | null) => {
    let total = 0;
    for (const limits of known) {
      const rate = of(limits);
      // One that is not bounded can take everything.
      if (rate === null) return null;
      total += rate;
    }
    return total > 0 ? total / turnMs : null;
  };
  return {
    tokens: sum(({ tpm, itpm, otpm }) => {
      const split = itpm === undefined || otpm === undefined ? undefined : itpm + otpm;
      if (tpm === undefined) return split ?? null;
      return Math.min(tpm, split ?? tpm);
    }),
    calls: sum(({ rpm }) => rpm ?? null),
  };
}

/** Accounts that are held back altogether have nothing to give. */
function limitsByAccount(gauges: readonly Gauge[], candidates: readonly Candidate[]): Limits[] {
  const classes = new Map(candidates.map(({ accountId, modelClass }) => [accountId, modelClass]));
  const found = new Map<string, Limits>();
  const heldBack = new Set<string>();
  for (const { accountId, modelClass, dimension, limit, pauses } of gauges) {
    if (classes.get(accountId) !== modelClass) continue;
    if (pauses.some((pause) => pause.dimension === undefined)) heldBack.add(accountId);
    const limits = found.get(accountId) ?? {};
    if (limit !== null) limits[dimension] = limit;
    found.set(accountId, limits);
  }
  return [...found].filter(([id]) => !heldBack.has(id)).map(([, limits]) => limits);
}
