import { limitDimensions } from '../../platform/config/config.ts';
import type { RefusedFor } from '../limiter.ts';
import { type Bucket, boundOf, setLimits } from './bucket.ts';

// A limit that no vendor states is inferred from what was in the window when it refused (AIMD; Chiu & Jain
// 1989): lowered by a refusal, raised by successes near it. Like TCP CUBIC it comes back quickly to just
// below where it was refused and tries that point slowly, so that little is asked in vain.

/** Of what was used; refused again before any success, the limit has fallen further. */
const lowering = { first: 0.9, again: 0.7 } as const;
/** No single refusal takes more than this share of the limit. */
const leastKept = 0.5;
/** From this share of a limit on, the limit itself explains a refusal. */
const explained = 0.95;
/** Growth per unit used: away from the ceiling a tenth of a window's use, around it a two-hundredth. */
const growth = { away: 0.1, around: 0.005 } as const;
const around = { from: 0.97, to: 1.03 } as const;
/** Only a limit that is used shows whether it holds. */
const used = 0.8;

const rpd = limitDimensions.indexOf('rpd');
const withSeconds = [limitDimensions.indexOf('rpm'), limitDimensions.indexOf('tpm')];

export interface Refused {
  refused: RefusedFor;
  /** What the refused call reserved, per dimension. */
  amounts: readonly number[];
  sentAt: number;
  perSecondShares: boolean;
}

/** Takes a stated limit at once; infers one where the refusal is not explained by what is known. */
export function lowerLimit(bucket: Bucket, about: Refused, now: number): void {
  const { refused, amounts, sentAt } = about;
  const index = limitDimensions.indexOf(refused.dimension ?? 'rpm');
  const amount = amounts[index] ?? 0;
  takeStated(bucket, refused);
  // A day's quota is paused to its end; and where answers state what remains, that is counted instead.
  if (amount === 0 || index === rpd || bucket.stated[index]) return;
  const known = bucket.learned[index];
  if (known && sentAt < known.at) return;
  const bound = boundOf(bucket, index);
  const before = Math.max(0, (bucket.meters[index]?.used(now) ?? 0) - amount);
  if (bound !== null && isExplained(about, { index, bound, before })) return;
  const ceiling = Math.max(1, Math.min(before, bound ?? before));
  const factor = known && known.refusals > 0 ? lowering.again : lowering.first;
  const limit = Math.max(1, ceiling * factor, (bound ?? 0) * leastKept);
  bucket.learned[index] = { limit, ceiling, at: now, refusals: (known?.refusals ?? 0) + 1 };
}

function takeStated(bucket: Bucket, { dimension, limit }: RefusedFor): void {
  if (limit === null || limit <= 0) return;
  bucket.observed[dimension ?? 'rpm'] = limit;
  setLimits(bucket, bucket.configured);
}

function isExplained(
  { refused, amounts, perSecondShares }: Refused,
  { index, bound, before }: { index: number; bound: number; before: number },
): boolean {
  if (refused.limit !== null && before + (amounts[index] ?? 0) > bound * explained) return true;
  // Half of the minute is free: it was the share of a second.
  return perSecondShares && withSeconds.includes(index) && before < bound / 2;
}

/** A call of these amounts succeeded: what is nearly used up may be too small. */
export function raiseLimits(bucket: Bucket, amounts: readonly number[], now: number): void {
  for (const [index, learned] of bucket.learned.entries()) {
    const amount = amounts[index] ?? 0;
    if (!learned || amount === 0) continue;
    learned.refusals = 0;
    if ((bucket.meters[index]?.used(now) ?? 0) < learned.limit * used) continue;
    const { limit, ceiling } = learned;
    const isAround = limit >= ceiling * around.from && limit <= ceiling * around.to;
    learned.limit = limit + amount * (isAround ? growth.around : growth.away);
    const hard = bucket.limits[index];
    if (typeof hard === 'number' && learned.limit >= hard) bucket.learned[index] = null;
  }
}

/** Whoever says that an account is well again says so of what its refusals taught, too. */
export function forgetInferred(buckets: Iterable<Bucket>, modelClass?: string): void {
  for (const bucket of buckets) {
    if (modelClass === undefined || bucket.modelClass === modelClass) bucket.learned.fill(null);
  }
}
