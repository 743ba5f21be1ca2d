import { limitDimensions } from '../../platform/config/config.ts';
import type { Observation } from '../limiter.ts';
import { type Bucket, boundOf, setLimits } from './bucket.ts';

/**
 * Takes over what the vendor's answer said: a limit at once, what remains only where it is less than
 * we believed in all the time in which that can have been true. An answer takes a while, and meanwhile
 * spends leave the window and others enter it: compared with another moment they look like foreign use.
 * Answers whether a limit changed.
 */
export function observeLimits(bucket: Bucket, observation: Observation, now: number): boolean {
  const { sentAt, seenAt, seen } = observation;
  const last = bucket.lastObservedSentAt;
  // Answers overtake each other: what an older one found was counted by the newer one.
  if (seenAt < last) return false;
  const before = limitDimensions.map((_, index) => boundOf(bucket, index));
  if (sentAt >= last) takeLimits(bucket, observation);
  const changed = before.some((bound, index) => bound !== boundOf(bucket, index));
  for (const { dimension, remaining } of seen) {
    const index = limitDimensions.indexOf(dimension);
    const meter = bucket.meters[index];
    const limit = boundOf(bucket, index);
    if (remaining === null || limit === null || !meter) continue;
    const left = limit - meter.mostUsed(sentAt, seenAt, now);
    // Somebody else uses the account, or it counts differently than we do. At the time of sending, so that
    // of two answers under way at once the second finds it counted, in whatever order they are read.
    const foreign = Math.min(limit, left - Math.max(0, remaining));
    if (foreign <= 0) continue;
    meter.count(sentAt, foreign, now);
    bucket.foreign.count({ index, at: sentAt, amount: foreign }, now);
  }
  return changed;
}

function takeLimits(bucket: Bucket, { sentAt, seen }: Observation): void {
  bucket.lastObservedSentAt = sentAt;
  for (const { dimension, limit, remaining } of seen) {
    const index = limitDimensions.indexOf(dimension);
    if (remaining !== null) bucket.stated[index] = true;
    if (limit === null || limit <= 0) continue;
    // Answers that state what remains know their limit better than a list of limits: that may only lower it.
    const isList = remaining === null && bucket.stated[index] === true;
    if (isList && limit > (bucket.observed[dimension] ?? limit)) continue;
    // The same number again says nothing of what refusals taught, unless what remains comes with it.
    if (remaining !== null || bucket.observed[dimension] !== limit) bucket.learned[index] = null;
    bucket.observed[dimension] = limit;
  }
  setLimits(bucket, bucket.configured);
}
