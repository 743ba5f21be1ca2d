import { type LimitDimension, limitDimensions } from '../../platform/config/config.ts';
import type { Ask, Cost } from '../limiter.ts';
import type { AccountEntry } from './account-entry.ts';
import { type Bucket, boundOf } from './bucket.ts';
import { untilRelease } from './meter.ts';
import { pausedFor } from './pauses.ts';

/** One candidate, looked up. */
export interface Seat {
  entry: AccountEntry;
  bucket: Bucket;
}

export interface Verdict {
  /** 0 fits, `Infinity` never without a person, `untilRelease` when calls end. */
  waitMs: number;
  /** A limit is smaller than the call: waiting does not help. */
  tooLarge: boolean;
  /** Smallest share of a limit that is left after this call; 1 where nothing is limited. */
  share: number;
  blockedBy: LimitDimension | 'pause' | null;
  pausedFor: string | null;
}

export interface Question {
  /** Per dimension, as `limitDimensions`. */
  amounts: readonly number[];
  /** Indices of the dimensions of which the call takes something. */
  charged: readonly number[];
  now: number;
  /** Share of every limit that is left free. */
  leave: number;
  /** A wait for the share of a second is no refusal up to this. */
  patienceMs: number;
}

/**
 * Smallest share of a limit that is left after the call; -1 where `judgeSeat` must look closer. A hundred
 * accounts are asked for every call, and most have room, so this makes nothing and looks up little.
 */
export function shareLeft({ entry, bucket }: Seat, question: Question): number {
  if (entry.pauses.length > 0 || entry.spec.policy.perSecondShares) return -1;
  const { amounts, charged, leave, now } = question;
  let share = 1;
  for (const index of charged) {
    const amount = amounts[index] ?? 0;
    const limit = boundOf(bucket, index, amount);
    const meter = bucket.meters[index];
    if (limit === null || !meter) continue;
    const open = openPart(limit, amount, leave);
    const left = open - meter.used(now) - amount;
    if (left < 0) return -1;
    share = Math.min(share, (left + limit - open) / limit);
  }
  return share;
}

export function amountsOf(cost: Cost): number[] {
  return limitDimensions.map((dimension) => Math.ceil(Math.max(0, cost[dimension] ?? 0)));
}

/** What a call asks of every account that may take it. */
export function questionOf(
  { cost, leave = 0 }: Pick<Ask, 'cost' | 'leave'>,
  { now, patienceMs = 0 }: { now: number; patienceMs?: number },
): Question {
  const amounts = amountsOf(cost);
  const charged = [...amounts.keys()].filter((index) => (amounts[index] ?? 0) > 0);
  return { amounts, charged, now, leave, patienceMs };
}

/** Whether the call fits at this account now, and if not, what it waits for. */
export function judgeSeat(seat: Seat, question: Question): Verdict {
  const verdict: Verdict = {
    waitMs: 0,
    tooLarge: false,
    share: 1,
    blockedBy: null,
    pausedFor: null,
  };
  for (const index of question.charged) {
    weighDimension(seat.bucket, { question, index, verdict });
    if (verdict.tooLarge) return verdict;
  }
  if (seat.entry.pauses.length > 0) {
    const pause = pausedFor(seat, question.amounts, question.now);
    delay(verdict, pause.waitMs, 'pause');
    if (verdict.blockedBy === 'pause') verdict.pausedFor = pause.reason;
  }
  return verdict;
}

interface Weighing {
  question: Question;
  index: number;
  verdict: Verdict;
}

function weighDimension(bucket: Bucket, { question, index, verdict }: Weighing): void {
  const amount = question.amounts[index] ?? 0;
  const limit = boundOf(bucket, index, amount);
  const meter = bucket.meters[index];
  if (limit === null || !meter) return;
  const { now } = question;
  const dimension = limitDimensions[index] ?? null;
  const open = openPart(limit, amount, question.leave);
  const left = open - meter.used(now) - amount;
  // Most often it fits, and then nobody needs to know when else it would.
  let wait = left >= 0 ? 0 : meter.waitFor(now, amount, open);
  if (wait === Number.POSITIVE_INFINITY) verdict.tooLarge = true;
  const second = bucket.seconds[index];
  if (second && wait !== untilRelease) {
    const ahead = second.waitMs(now, amount, limit);
    if (ahead > question.patienceMs) wait = Math.max(wait, ahead);
  }
  if (wait === 0) verdict.share = Math.min(verdict.share, (left + limit - open) / limit);
  else delay(verdict, wait, dimension);
}

/** What of a limit is open to a call that leaves a share of it to others. */
function openPart(limit: number, amount: number, leave: number): number {
  if (leave === 0 || amount > limit) return limit;
  return Math.max(amount, limit - Math.floor(limit * leave));
}

function delay(verdict: Verdict, wait: number, by: Verdict['blockedBy']): void {
  if (wait === 0) return;
  // Waiting for calls to end has no time of its own; only a person's decision outlasts it.
  const outranks =
    wait === untilRelease
      ? verdict.waitMs !== Number.POSITIVE_INFINITY
      : wait === Number.POSITIVE_INFINITY ||
        (verdict.waitMs !== untilRelease && wait > verdict.waitMs);
  if (!outranks) return;
  verdict.waitMs = wait;
  verdict.blockedBy = by;
}
