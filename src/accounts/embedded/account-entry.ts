import type { LimitedAccount, Pause } from '../limiter.ts';
import { classKey } from '../model-class.ts';
import { type Terms, termsOf } from '../standing.ts';
import { type Bucket, createBucket, setLimits } from './bucket.ts';
import type { WindowGuard } from './window-guard.ts';

/** What the limiter in process knows of one account. */
export interface AccountEntry {
  spec: LimitedAccount;
  terms: Terms;
  readonly guard: WindowGuard;
  readonly buckets: Map<string, Bucket>;
  pauses: HeldPause[];
  inFlight: number;
  /** Changed since the last snapshot. */
  dirty: boolean;
}

export interface HeldPause extends Pause {
  /** Epoch ms at which it began: only a call sent later can end it by succeeding. */
  since: number;
}

export function createEntry(spec: LimitedAccount, guard: WindowGuard): AccountEntry {
  return {
    spec,
    terms: termsOf(spec),
    guard,
    buckets: new Map(),
    pauses: [],
    inFlight: 0,
    dirty: false,
  };
}

/** New limits and state; the windows stay, for the vendor does not forget either. */
export function updateEntry(entry: AccountEntry, spec: LimitedAccount): void {
  entry.spec = spec;
  entry.terms = termsOf(spec);
  for (const bucket of entry.buckets.values()) setLimits(bucket, ruleOf(spec, bucket.modelClass));
}

export function bucketOf(entry: AccountEntry, modelClass: string): Bucket {
  let bucket = entry.buckets.get(modelClass);
  if (!bucket) {
    bucket = createBucket(modelClass, ruleOf(entry.spec, modelClass), {
      policy: entry.spec.policy,
      guardMs: entry.guard.ms,
    });
    entry.buckets.set(modelClass, bucket);
  }
  return bucket;
}

function ruleOf(spec: LimitedAccount, modelClass: string) {
  return spec.rules.find((rule) => classKey(rule) === modelClass) ?? {};
}
