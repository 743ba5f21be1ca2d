import {
  type LimitDimension,
  type LimitRule,
  limitDimensions,
} from '../../platform/config/config.ts';
import type { LimitPolicy } from '../limiter.ts';
import { createDayMeter } from './day-meter.ts';
import { createForeignUse, type ForeignUse } from './foreign-use.ts';
import { createLiveMeter } from './live-meter.ts';
import type { Meter } from './meter.ts';
import { createRamp, type Ramp } from './ramp.ts';
import { createSecondShare, type SecondShare } from './second-share.ts';
import { createSlotsMeter } from './slots-meter.ts';
import { maxGuardMs } from './window-guard.ts';
import { createWindowMeter } from './window-meter.ts';

/** Unset is unknown, `null` unlimited. */
export type Limits = { [D in LimitDimension]?: number | null };

/** Inferred from refusals; see learned-limit.ts. */
export interface LearnedLimit {
  limit: number;
  /** What was in the window at the last refusal. */
  ceiling: number;
  /** Epoch ms of the last refusal: of calls sent before it, others say nothing new. */
  at: number;
  /** Refusals since the last success. */
  refusals: number;
}

/** All dimensions of one model class of one account; arrays are indexed as `limitDimensions`. */
export interface Bucket {
  readonly modelClass: string;
  configured: Limits;
  observed: { [D in LimitDimension]?: number };
  /** The smaller of what is configured and what the vendor said; kept flat, for admission reads it often. */
  readonly limits: (number | null | undefined)[];
  /** Some limit beside concurrency is configured or was stated. */
  knowsLimits: boolean;
  readonly meters: readonly Meter[];
  /** Inferred from refusals, beside what is configured and stated. */
  readonly learned: (LearnedLimit | null)[];
  /** Whether answers state what remains of it. */
  readonly stated: boolean[];
  readonly foreign: ForeignUse;
  /** For itpm where the vendor bounds its growth. */
  readonly ramp: Ramp | null;
  /** For rpm and tpm where the vendor enforces seconds. */
  readonly seconds: readonly (SecondShare | null)[];
  inFlight: number;
  /** Slots while every limit is unknown: grows with success, halves when the vendor refuses. */
  careful: number;
  /** Running mean of how long a call holds its slot, in ms. */
  holdMs: number;
  lastObservedSentAt: number;
}

const carefulStart = 8;

export interface BucketSource {
  policy: LimitPolicy;
  guardMs: () => number;
}

export function createBucket(modelClass: string, rule: Limits, source: BucketSource): Bucket {
  const { policy, guardMs } = source;
  const shared: readonly LimitDimension[] = policy.perSecondShares ? ['rpm', 'tpm'] : [];
  const bucket: Bucket = {
    modelClass,
    configured: {},
    observed: {},
    limits: limitDimensions.map(() => undefined),
    knowsLimits: false,
    meters: limitDimensions.map((dimension) => createMeter(dimension, source)),
    seconds: limitDimensions.map((dimension) =>
      shared.includes(dimension) ? createSecondShare(guardMs) : null,
    ),
    learned: limitDimensions.map(() => null),
    stated: limitDimensions.map(() => false),
    foreign: createForeignUse(),
    ramp: policy.ramp ? createRamp(policy.ramp) : null,
    inFlight: 0,
    careful: carefulStart,
    holdMs: 1000,
    lastObservedSentAt: 0,
  };
  setLimits(bucket, rule);
  return bucket;
}

export function setLimits(bucket: Bucket, configured: Limits | LimitRule): void {
  bucket.configured = configured;
  for (const [index, dimension] of limitDimensions.entries()) {
    const stated = configured[dimension];
    const seen = bucket.observed[dimension];
    bucket.limits[index] =
      seen === undefined ? stated : Math.min(seen, stated ?? Number.POSITIVE_INFINITY);
  }
  bucket.knowsLimits = bucket.limits.some(
    (limit, index) => limit !== undefined && index !== concurrencyIndex,
  );
}

/**
 * The limit that binds now. A class of which no limit is known starts with few calls at once, so that
 * a vendor's first refusal does not meet hundreds of ours.
 */
export function boundOf(bucket: Bucket, index: number, amount = 0): number | null {
  const limit = bucket.limits[index];
  // Most buckets have neither, and a hundred accounts are asked for every call.
  const isPlain = bucket.learned[index] === null && bucket.ramp === null;
  const soft = isPlain ? null : softBoundOf(bucket, index);
  // What was only inferred never makes a call too large: such a call goes when nothing else is in the window.
  if (soft !== null) return Math.min(limit ?? Number.POSITIVE_INFINITY, Math.max(soft, amount));
  if (limit !== undefined) return limit;
  return index === concurrencyIndex && !bucket.knowsLimits ? bucket.careful : null;
}

function softBoundOf({ learned, ramp }: Bucket, index: number): number | null {
  const inferred = learned[index];
  if (ramp === null || index !== rampIndex) return inferred ? Math.floor(inferred.limit) : null;
  return Math.floor(Math.min(ramp.ceiling, inferred?.limit ?? Number.POSITIVE_INFINITY));
}

export const concurrencyIndex = limitDimensions.indexOf('concurrency');
export const rampIndex = limitDimensions.indexOf('itpm');

function createMeter(dimension: LimitDimension, { policy, guardMs }: BucketSource): Meter {
  const minute = { periodMs: 60_000, cellMs: 100, guardMs, maxGuardMs };
  switch (dimension) {
    case 'concurrency':
      return createSlotsMeter();
    case 'otpm':
      return createLiveMeter(minute);
    case 'rpd':
      return policy.dayZone
        ? createDayMeter(policy.dayZone, guardMs)
        : createWindowMeter({ ...minute, periodMs: 86_400_000, cellMs: 60_000 });
    default:
      return createWindowMeter(minute);
  }
}
