import { limitDimensions } from '../../platform/config/config.ts';
import type { Observation } from '../limiter.ts';
import { type Bucket, boundOf, setLimits } from './bucket.ts';

/**
 * Takes over what the vendor's answer said: a limit at once, what remains only where it is less than
 * we believe. What we sent after the answered call is not in the vendor's number yet.
 * Answers whether a limit changed.
 */
export function observeLimits(bucket: Bucket, observation: Observation, now: number): boolean {
  // Answers overtake each other: an older view must not undo a newer one.
  if (observation.sentAt < bucket.lastObservedSentAt) return false;
  bucket.lastObservedSentAt = observation.sentAt;
  for (const { dimension, limit } of observation.seen) {
    if (limit !== null && limit > 0) bucket.observed[dimension] = limit;
  }
  const before = [...bucket.limits];
  setLimits(bucket, bucket.configured);
  const changed = bucket.limits.some((limit, index) => limit !== before[index]);
  for (const { dimension, remaining } of observation.seen) {
    const index = limitDimensions.indexOf(dimension);
    const meter = bucket.meters[index];
    const limit = boundOf(bucket, index);
    if (remaining === null || limit === null || !meter) continue;
    const ours = limit - meter.used(now);
    const theirs = Math.max(0, remaining) - meter.takenAfter(observation.sentAt);
    // Somebody else uses the account, or it counts differently than we do.
    if (theirs < ours) meter.count(now, Math.min(limit, ours - theirs), now);
  }
  return changed;
}
