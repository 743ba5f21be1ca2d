import { limitDimensions } from '../../platform/config/config.ts';
import type { Refusal } from '../limiter.ts';
import { rendezvousWeight } from '../rendezvous-weight.ts';
import { boundOf } from './bucket.ts';
import { judgeSeat, type Question, type Seat, type Verdict } from './judge-seat.ts';
import { untilRelease } from './meter.ts';

export type Choice = { kind: 'chosen'; seat: Seat; headroom: number } | Refusal;

/** Below this share an affine account is left, so that a conversation does not exhaust it alone. */
const affinityFloor = 0.1;

/**
 * The account with most headroom: the largest of the smallest remaining shares. Equal ones go to the
 * account with fewer calls in flight, then by id. With affinity: the account of the highest
 * rendezvous weight (Thaler & Ravishankar 1998) that has headroom.
 */
export function chooseSeat(seats: readonly Seat[], question: Question, affinity?: string): Choice {
  let best: Seat | null = null;
  let bestShare = -1;
  let bestWeight = -1;
  const refused = createRefusal();
  for (const seat of seats) {
    if (!seat.entry.spec.usable) continue;
    const verdict = judgeSeat(seat, question);
    if (verdict.tooLarge || verdict.waitMs !== 0) {
      refused.note(seat, verdict, question);
      continue;
    }
    const sticky = affinity !== undefined && verdict.share >= affinityFloor;
    const weight = sticky ? rendezvousWeight(affinity, seat.entry.spec.id) : -1;
    if (
      best &&
      (weight < bestWeight || (weight === bestWeight && !isBetter(seat, verdict.share)))
    ) {
      continue;
    }
    best = seat;
    bestShare = verdict.share;
    bestWeight = weight;
  }
  return best ? { kind: 'chosen', seat: best, headroom: bestShare } : refused.refusal();

  function isBetter(seat: Seat, share: number): boolean {
    if (!best || share !== bestShare) return share > bestShare;
    const calls = seat.entry.inFlight - best.entry.inFlight;
    return calls !== 0 ? calls < 0 : seat.entry.spec.id < best.entry.spec.id;
  }
}

/** Gathers why each candidate refused into the earliest way out. */
function createRefusal() {
  let waitMs = Number.POSITIVE_INFINITY;
  let exact = true;
  let blocking: Verdict | null = null;
  let tooLarge: Refusal | null = null;
  let needsPerson = false;

  return {
    note(seat: Seat, verdict: Verdict, question: Question): void {
      if (verdict.tooLarge) {
        tooLarge = largestLimit(tooLarge, seat, question);
        return;
      }
      const open = verdict.waitMs === untilRelease;
      if (verdict.waitMs === Number.POSITIVE_INFINITY) needsPerson = true;
      if (open) exact = false;
      const wait = open ? releaseEstimate(seat) : verdict.waitMs;
      if (wait < waitMs) {
        waitMs = wait;
        blocking = verdict;
      }
    },
    refusal(): Refusal {
      if (waitMs !== Number.POSITIVE_INFINITY) {
        const blockedBy = blocking?.blockedBy ?? 'pause';
        return { kind: 'wait', waitMs, exact, blockedBy, pausedFor: blocking?.pausedFor ?? null };
      }
      return tooLarge && !needsPerson ? tooLarge : { kind: 'unusable' };
    },
  };
}

/** With n calls out that hold a slot for h ms each, one ends after h/n on average. */
function releaseEstimate({ bucket }: Seat): number {
  return Math.max(1, Math.ceil(bucket.holdMs / Math.max(1, bucket.inFlight)));
}

function largestLimit(known: Refusal | null, seat: Seat, question: Question): Refusal | null {
  for (const [index, dimension] of limitDimensions.entries()) {
    const amount = question.amounts[index] ?? 0;
    const limit = boundOf(seat.bucket, index, amount);
    if (limit === null || amount <= limit) continue;
    if (known?.kind === 'never_fits' && known.limit >= limit) return known;
    return { kind: 'never_fits', dimension, limit };
  }
  return known;
}
