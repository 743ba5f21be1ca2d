import { type LimitDimension, limitDimensions } from '../../platform/config/config.ts';
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
}

export interface Question {
  /** Per dimension, as `limitDimensions`. */
  amounts: readonly number[];
  now: number;
  /** How far ahead of its even pace a call may be. */
  paceSlackMs: number;
}

/** Whether the call fits at this account now, and if not, what it waits for. */
export function judgeSeat(seat: Seat, question: Question): Verdict {
  const verdict: Verdict = { waitMs: 0, tooLarge: false, share: 1, blockedBy: null };
  for (let index = 0; index < question.amounts.length; index += 1) {
    if ((question.amounts[index] ?? 0) > 0)
      weighDimension(seat.bucket, { question, index, verdict });
    if (verdict.tooLarge) return verdict;
  }
  if (seat.entry.pauses.length > 0) {
    delay(verdict, pausedFor(seat, question.amounts, question.now), 'pause');
  }
  return verdict;
}

interface Weighing {
  question: Question;
  index: number;
  verdict: Verdict;
}

function weighDimension(bucket: Bucket, { question, index, verdict }: Weighing): void {
  const limit = boundOf(bucket, index);
  const meter = bucket.meters[index];
  if (limit === null || !meter) return;
  const { now } = question;
  const amount = question.amounts[index] ?? 0;
  const dimension = limitDimensions[index] ?? null;
  let wait = meter.waitFor(now, amount, limit);
  if (wait === Number.POSITIVE_INFINITY) verdict.tooLarge = true;
  const pace = bucket.paces[index];
  if (pace && wait !== untilRelease) {
    const ahead = pace.waitMs(now);
    if (ahead > question.paceSlackMs) wait = Math.max(wait, ahead);
  }
  delay(verdict, wait, dimension);
  if (wait === 0)
    verdict.share = Math.min(verdict.share, (limit - meter.used(now) - amount) / limit);
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
