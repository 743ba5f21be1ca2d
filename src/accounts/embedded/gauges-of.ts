import { limitDimensions } from '../../platform/config/config.ts';
import type { Gauge } from '../limiter.ts';
import type { AccountEntry } from './account-entry.ts';
import { type Bucket, boundOf } from './bucket.ts';

export function gaugesOf(entry: AccountEntry, now: number): Gauge[] {
  return [...entry.buckets.values()].flatMap((bucket) =>
    limitDimensions.map((dimension, index) => ({
      accountId: entry.spec.id,
      modelClass: bucket.modelClass,
      dimension,
      limit: boundOf(bucket, index),
      learning: bucket.configured[dimension] === undefined,
      used: bucket.meters[index]?.used(now) ?? 0,
      foreign: bucket.foreign.lastMinute(index, now),
      pauses: pausesOf(entry, bucket, dimension),
    })),
  );
}

function pausesOf(entry: AccountEntry, bucket: Bucket, dimension: Gauge['dimension']) {
  return entry.pauses.filter(
    (pause) =>
      (pause.modelClass === undefined || pause.modelClass === bucket.modelClass) &&
      (pause.dimension === undefined || pause.dimension === dimension),
  );
}
