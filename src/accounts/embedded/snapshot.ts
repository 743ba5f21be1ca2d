import { z } from 'zod';
import { limitDimensions } from '../../platform/config/config.ts';
import { classKey } from '../model-class.ts';
import { type AccountEntry, bucketOf } from './account-entry.ts';
import { type Bucket, boundOf, setLimits } from './bucket.ts';

// What is written of an account once a second, and read by the process that comes after.
const pause = z.object({
  model_class: z.string().optional(),
  dimension: z.enum(limitDimensions).optional(),
  until: z.number().nullable(),
  provenance: z.enum(['stated', 'guessed']),
  reason: z.string(),
  since: z.number(),
});

const bucket = z.object({
  model_class: z.string(),
  observed: z.partialRecord(z.enum(limitDimensions), z.number()),
  careful: z.number(),
  learned: z
    .partialRecord(
      z.enum(limitDimensions),
      z.object({ limit: z.number(), ceiling: z.number(), at: z.number(), refusals: z.number() }),
    )
    .default({}),
  spent: z.partialRecord(z.enum(limitDimensions), z.array(z.tuple([z.number(), z.number()]))),
});

export const accountSnapshot = z.object({ buckets: z.array(bucket), pauses: z.array(pause) });
export type AccountSnapshot = z.infer<typeof accountSnapshot>;

/** A second is coarse enough to store; spends move to its end, so that they leave no earlier. */
const grainMs = 1000;

export function takeSnapshot(entry: AccountEntry, now: number): AccountSnapshot {
  return {
    buckets: [...entry.buckets.values()].map((source) => ({
      model_class: source.modelClass,
      observed: source.observed,
      careful: source.careful,
      learned: Object.fromEntries(
        limitDimensions.flatMap((dimension, index) => {
          const learned = source.learned[index];
          return learned ? [[dimension, learned]] : [];
        }),
      ),
      spent: spentOf(source, now),
    })),
    pauses: entry.pauses.map(({ modelClass, dimension, until, provenance, reason, since }) => ({
      ...(modelClass === undefined ? {} : { model_class: modelClass }),
      ...(dimension === undefined ? {} : { dimension }),
      until,
      provenance,
      reason,
      since,
    })),
  };
}

export function restoreSnapshot(entry: AccountEntry, snapshot: AccountSnapshot, now: number): void {
  for (const stored of snapshot.buckets) {
    const target = bucketOf(entry, stored.model_class);
    target.observed = stored.observed;
    target.careful = Math.max(1, stored.careful);
    setLimits(target, target.configured);
    for (const [index, dimension] of limitDimensions.entries()) {
      target.learned[index] = stored.learned[dimension] ?? null;
      for (const [at, amount] of stored.spent[dimension] ?? []) {
        target.meters[index]?.restore(at, amount, now);
      }
    }
  }
  entry.pauses = snapshot.pauses.map(({ model_class, dimension, ...rest }) => ({
    accountId: entry.spec.id,
    modelClass: model_class,
    dimension,
    ...rest,
  }));
}

/**
 * The process before ended without saying so: whatever it could have sent between its last snapshot
 * and its end counts as spent at `at`.
 */
export function countUnaccounted(entry: AccountEntry, at: number, now: number): void {
  for (const rule of entry.spec.rules) bucketOf(entry, classKey(rule));
  for (const target of entry.buckets.values()) {
    for (const [index, dimension] of limitDimensions.entries()) {
      const limit = boundOf(target, index);
      const meter = target.meters[index];
      if (limit === null || !meter || dimension === 'concurrency') continue;
      const room = limit - meter.used(now);
      // A second cannot spend a day's quota; it can spend a minute's.
      const most = dimension === 'rpd' ? requestsPerMinute(target, limit) : limit;
      const amount = Math.min(room, most);
      if (amount > 0) meter.restore(at, amount, now);
    }
  }
}

function requestsPerMinute(target: Bucket, perDay: number): number {
  return boundOf(target, limitDimensions.indexOf('rpm')) ?? Math.ceil(perDay / 1440);
}

function spentOf(source: Bucket, now: number) {
  const spent: AccountSnapshot['buckets'][number]['spent'] = {};
  for (const [index, dimension] of limitDimensions.entries()) {
    const grains = new Map<number, number>();
    for (const [at, amount] of source.meters[index]?.entries(now) ?? []) {
      const grain = Math.min(now, (Math.floor(at / grainMs) + 1) * grainMs);
      grains.set(grain, (grains.get(grain) ?? 0) + amount);
    }
    if (grains.size > 0) spent[dimension] = [...grains];
  }
  return spent;
}
