import type { Candidate, Gauge } from '../limiter.ts';

/** What a pool's limits let through; `null`: unknown or unlimited. */
export interface PoolRates {
  tokens: Measure | null;
  calls: Measure | null;
}

export interface Measure {
  /** On and on, per ms. */
  perMs: number;
  /** Of all accounts' limits together, now. */
  used: number;
  left: number;
}

/** A spend stays in its minute's window a little longer: its cell, and some of the guard, ms. */
const turnMs = 60_200;

type Amounts = Partial<Record<Gauge['dimension'], number>>;

/** Of one account, its limits and what is left of them. */
interface Known {
  limits: Amounts;
  left: Amounts;
}

/** The sum over the accounts of a pool, each at its own tightest limit of tokens. */
export function readPoolRates(
  gauges: readonly Gauge[],
  candidates: readonly Candidate[],
): PoolRates {
  const known = knownByAccount(gauges, candidates);
  return { tokens: measure(known, tokensOf), calls: measure(known, ({ rpm }) => rpm ?? null) };
}

function tokensOf({ tpm, itpm, otpm }: Amounts): number | null {
  const split = itpm === undefined || otpm === undefined ? undefined : itpm + otpm;
  if (tpm === undefined) return split ?? null;
  return Math.min(tpm, split ?? tpm);
}

function measure(known: readonly Known[], of: (amounts: Amounts) => number | null): Measure | null {
  let limit = 0;
  let left = 0;
  for (const account of known) {
    const bound = of(account.limits);
    // One that is not bounded can take everything.
    if (bound === null) return null;
    limit += bound;
    left += of(account.left) ?? 0;
  }
  return limit > 0 ? { perMs: limit / turnMs, used: limit - left, left } : null;
}

/** Accounts that are held back altogether have nothing to give. */
function knownByAccount(gauges: readonly Gauge[], candidates: readonly Candidate[]): Known[] {
  const classes = new Map(candidates.map(({ accountId, modelClass }) => [accountId, modelClass]));
  const found = new Map<string, Known>();
  const heldBack = new Set<string>();
  for (const { accountId, modelClass, dimension, limit, used, pauses } of gauges) {
    if (classes.get(accountId) !== modelClass) continue;
    if (pauses.some((pause) => pause.dimension === undefined)) heldBack.add(accountId);
    const known = found.get(accountId) ?? { limits: {}, left: {} };
    if (limit !== null) {
      known.limits[dimension] = limit;
      known.left[dimension] = Math.max(0, limit - used);
    }
    found.set(accountId, known);
  }
  return [...found].filter(([id]) => !heldBack.has(id)).map(([, known]) => known);
}
