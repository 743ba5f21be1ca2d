import type { SimulatedAccount, SimulatedLimit } from '../accounts.ts';
import type { Clock } from '../clock.ts';
import { matchesModel } from './matches-model.ts';
import {
  createBucket,
  createFixedWindow,
  createSlidingWindow,
  endOfPacificDay,
  type Meter,
  type WindowKind,
} from './meter.ts';
import { createPeaks, type Peak, type Peaks } from './peaks.ts';
import {
  type Amounts,
  type CallSize,
  type CallUsage,
  type Dimension,
  dimensions,
  type LimitPolicy,
  limitPolicies,
} from './policy.ts';

const periods = { second: 1_000, minute: 60_000, day: 86_400_000, none: 0 } as const;
export type Period = keyof typeof periods;

/** Why a call was refused. */
export interface Breach {
  dimension: Dimension;
  period: Period;
  limit: number;
  used: number;
  requested: number;
  /** Milliseconds until the call would fit; `Infinity` where it never does. */
  waitMs: number;
}

/** One limit as the vendor's headers show it. */
export interface Gauge {
  dimension: Dimension;
  limit: number;
  remaining: number;
  fullAfterMs: number;
}

export type Entry =
  | { admitted: true; leave(usage: CallUsage): void }
  | { admitted: false; breach: Breach };

/** The limits of one account, counted the way its vendor counts. */
export interface Gate {
  enter(model: string, size: CallSize): Entry;
  /** A request that was refused as invalid, where the vendor counts those. */
  countFailure(model: string): void;
  gauges(model: string): Gauge[];
  limitOf(model: string): SimulatedLimit | undefined;
  peaks(): Peak[];
}

interface Guard {
  dimension: Dimension;
  period: Period;
  meter: Meter;
}

interface Bucket {
  guards: Guard[];
  peaks: Peaks;
  inFlight: number;
  concurrency: number | null;
}

export interface GateDeps {
  clock: Clock;
  /** For benches that ask what a client does under another kind of window than the assumed one. */
  windows?: Partial<Record<SimulatedAccount['provider'], WindowKind>>;
}

export function createGate(deps: GateDeps, account: SimulatedAccount): Gate {
  const policy = limitPolicies[account.provider];
  const window = deps.windows?.[account.provider] ?? policy.window;
  const buckets = new Map<string, Bucket>();
  const limitOf = (model: string) =>
    account.limits.find((limit) => limit.models.some((glob) => matchesModel(glob, model)));

  const bucketOf = (model: string): Bucket => {
    const limit = limitOf(model);
    const name = policy.bucketPer === 'model' ? model : (limit?.models.join() ?? model);
    const known = buckets.get(name);
    if (known) return known;
    const bucket = createGuards(limit, policy, window);
    buckets.set(name, bucket);
    return bucket;
  };

  return {
    enter(model, size) {
      const bucket = bucketOf(model);
      const now = deps.clock.now();
      const charge = policy.charge(size);
      const breach = findBreach(bucket, charge, now);
      bucket.peaks.offer(charge, now, breach === undefined);
      if (breach) return { admitted: false, breach };
      takeAll(bucket, charge, now);
      bucket.inFlight += 1;
      bucket.peaks.count(bucket.inFlight);
      return { admitted: true, leave: (usage) => leave(deps, policy, { bucket, usage }) };
    },
    countFailure(model) {
      if (!policy.failuresCount) return;
      const failed = { rpm: 1, rpd: 1 };
      const bucket = bucketOf(model);
      takeAll(bucket, failed, deps.clock.now());
      bucket.peaks.offer(failed, deps.clock.now(), true);
    },
    gauges: (model) => readGauges(bucketOf(model), deps.clock.now()),
    limitOf,
    peaks: () => [...buckets].flatMap(([models, bucket]) => bucket.peaks.read(models)),
  };
}

function createGuards(
  limit: SimulatedLimit | undefined,
  policy: LimitPolicy,
  window: WindowKind,
): Bucket {
  const guards: Guard[] = [];
  const amounts: Amounts = {};
  for (const dimension of dimensions) {
    const amount = limit?.[dimension];
    if (amount === null || amount === undefined) continue;
    amounts[dimension] = amount;
    if (dimension === 'concurrency') continue;
    guards.push(createGuard({ dimension, amount }, policy, window));
    if (policy.perSecondShares && (dimension === 'rpm' || dimension === 'tpm')) {
      const meter = createSlidingWindow(Math.max(1, amount / 60), periods.second);
      guards.push({ dimension, period: 'second', meter });
    }
  }
  return {
    guards,
    peaks: createPeaks(amounts),
    inFlight: 0,
    concurrency: limit?.concurrency ?? null,
  };
}

function createGuard(
  rule: { dimension: Dimension; amount: number },
  policy: LimitPolicy,
  window: WindowKind,
): Guard {
  const period = rule.dimension === 'rpd' ? 'day' : 'minute';
  const length = periods[period];
  const pacific = period === 'day' && policy.pacificDay;
  const kind = pacific ? 'fixed' : window;
  const endOf = pacific
    ? endOfPacificDay
    : (now: number) => (Math.floor(now / length) + 1) * length;
  const meter = {
    bucket: () => createBucket(rule.amount, length),
    sliding: () => createSlidingWindow(rule.amount, length),
    fixed: () => createFixedWindow(rule.amount, endOf),
  }[kind]();
  return { dimension: rule.dimension, period, meter };
}

function findBreach(bucket: Bucket, charge: Amounts, now: number): Breach | undefined {
  if (bucket.concurrency !== null && bucket.inFlight >= bucket.concurrency) {
    const limit = bucket.concurrency;
    return {
      dimension: 'concurrency',
      period: 'none',
      limit,
      used: bucket.inFlight,
      requested: 1,
      waitMs: 0,
    };
  }
  for (const guard of bucket.guards) {
    const breach = checkGuard(guard, charge[guard.dimension], now);
    if (breach) return breach;
  }
  return undefined;
}

function checkGuard(guard: Guard, charged: number | undefined, now: number): Breach | undefined {
  if (charged === undefined) return undefined;
  const { meter, dimension, period } = guard;
  const room = meter.room(now);
  // Output counts when it exists, so a call enters while anything is left; and a call that is larger
  // than a whole second's share enters when the second is untouched, or it could never run.
  const needed = charged === 0 ? 1 : charged;
  const alone = period === 'second' && room >= meter.limit;
  if (room >= needed || alone) return undefined;
  return {
    dimension,
    period,
    limit: meter.limit,
    used: Math.max(0, Math.ceil(meter.limit - room)),
    requested: charged,
    waitMs: meter.waitFor(now, period === 'second' ? Math.min(needed, meter.limit) : needed),
  };
}

function takeAll(bucket: Bucket, amounts: Amounts, now: number): void {
  for (const { dimension, meter } of bucket.guards) {
    const amount = amounts[dimension];
    if (amount !== undefined && amount !== 0) meter.take(now, amount);
  }
}

function leave(
  deps: GateDeps,
  policy: LimitPolicy,
  done: { bucket: Bucket; usage: CallUsage },
): void {
  const now = deps.clock.now();
  const settled = policy.settle(done.usage);
  takeAll(done.bucket, settled, now);
  done.bucket.peaks.offer(settled, now, true);
  done.bucket.inFlight -= 1;
}

function readGauges(bucket: Bucket, now: number): Gauge[] {
  return bucket.guards
    .filter((guard) => guard.period !== 'second')
    .map(({ dimension, meter }) => ({
      dimension,
      limit: meter.limit,
      remaining: Math.max(0, Math.floor(meter.room(now))),
      fullAfterMs: meter.fullAfter(now),
    }));
}
