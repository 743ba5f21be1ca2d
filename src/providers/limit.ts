import type { Usage } from '../protocol/index.ts';

/** The dimensions that an account's limits can have; per minute, per day, at once. */
export const limitDimensions = ['rpm', 'rpd', 'tpm', 'itpm', 'otpm', 'concurrency'] as const;
export type LimitDimension = (typeof limitDimensions)[number];

/** Cost of one call in every dimension; 0 where it takes nothing. */
export type Charge = Readonly<Record<LimitDimension, number>>;

/** In tokens, but `inputCharacters` (UTF-16 units of all messages). */
export interface CallSize {
  inputCharacters: number;
  estimatedInput: number;
  /** How much of the input the provider's prompt cache is expected to hold. */
  estimatedCachedInput: number;
  maxOutput: number;
  /** Prediction from earlier calls; `maxOutput` where nothing is known. */
  predictedOutput: number;
}

export interface LimitRules {
  /** What the vendor enforces; others count only where an operator sets them. */
  enforced: readonly LimitDimension[];
  /** The vendor also enforces a sixtieth of rpm and tpm per second. */
  perSecondShares: boolean;
  /**
   * Steepest growth of input tokens per minute that the vendor accepts: above so many of them at most by
   * the factor `growth` per `perMs`. `null` where none is known.
   */
  ramp: { above: number; growth: number; perMs: number } | null;
  /** Where the vendor's day begins, for rpd. */
  dayZone: 'UTC' | 'America/Los_Angeles';
  /** What one bucket covers: each model of the account, or all of them together. */
  scope: 'account' | 'account_model';
  /** The terms forbid several accounts to get round limits: refuse an account without a note. */
  entitlementRequired: boolean;
}

export interface ObservedLimit {
  dimension: LimitDimension;
  /** `null`: not stated. */
  limit: number | null;
  remaining: number | null;
  /** Epoch ms at which the bucket is full again, as the vendor states it. */
  resetAtMs: number | null;
}

/** What a call takes before it is sent, and what it took once its usage is known. */
export interface Charging {
  charge(size: CallSize): Charge;
  settle(charged: Charge, usage: Usage): Charge;
}
