import type { ChoicePolicy } from '../platform/config/config.ts';
import type { LimitedAccount } from './limiter.ts';

/** What does not change from call to call. */
export interface Terms {
  readonly id: string;
  readonly weight: number;
  readonly price: number;
}

export function termsOf({
  id,
  weight = 1,
  price = 1,
}: Pick<LimitedAccount, 'id' | 'weight' | 'price'>): Terms {
  return { id, weight, price };
}

/** What decides between accounts that all have room. */
export interface Standing {
  terms: Terms;
  /** Of its rendezvous with the conversation; -1 where none is asked for, or it has too little headroom. */
  rendezvous: number;
  /** ms until the first of what counts against its slowest limit leaves it; 0 where that does not decide. */
  refillMs: number;
  /** How much of its tightest limit would be used, for its weight; see `loadOf`. */
  load: number;
  /** Calls that are out. */
  calls: number;
}

/** Loads within one such step are equal, and then the price decides. */
const step = 0.05;

/** With loads kept equal, accounts are used in the proportion of weight times limit until one is full. */
export function loadOf(share: number, { weight }: Pick<Terms, 'weight'>): number {
  return (1 - share) / weight;
}

/** A total order, but for the same account; lua/choose.lua has it too. */
export function standsBefore(
  one: Standing,
  other: Standing,
  choice: ChoicePolicy | undefined,
): boolean {
  if (one.rendezvous !== other.rendezvous) return one.rendezvous > other.rendezvous;
  if (choice === 'fill_first') return fillsBefore(one, other);
  if (one.refillMs !== other.refillMs) return one.refillMs < other.refillMs;
  if (one.terms.price !== other.terms.price) {
    const steps = Math.floor(one.load / step) - Math.floor(other.load / step);
    return steps === 0 ? one.terms.price < other.terms.price : steps < 0;
  }
  return one.load === other.load ? isFreer(one, other) : one.load < other.load;
}

function fillsBefore({ terms: one }: Standing, { terms: other }: Standing): boolean {
  if (one.weight !== other.weight) return one.weight > other.weight;
  return one.price === other.price ? one.id < other.id : one.price < other.price;
}

/** The next call counts too, so that of two idle accounts the heavier one is asked first. */
function isFreer(one: Standing, other: Standing): boolean {
  const busy = (one.calls + 1) / one.terms.weight;
  const busyOther = (other.calls + 1) / other.terms.weight;
  return busy === busyOther ? one.terms.id < other.terms.id : busy < busyOther;
}
