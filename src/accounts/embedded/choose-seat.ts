import { limitDimensions } from '../../platform/config/config.ts';
import type { Ask, Refusal } from '../limiter.ts';
import { rendezvousWeight } from '../rendezvous-weight.ts';
import { boundOf } from './bucket.ts';
import { judgeSeat, type Question, type Seat, shareLeft, type Verdict } from './judge-seat.ts';
import { untilRelease } from './meter.ts';

export type Choice = { kind: 'chosen'; seat: Seat; headroom: number } | Refusal;

/** Below this share an affine account is left, so that a conversation does not exhaust it alone. */
const affinityFloor = 0.1;

/**
 * The account with most headroom: the largest of the smallest remaining shares. Equal ones go to the
 * account with fewer calls in flight, then by id. With affinity: the account of the highest
 * rendezvous weight (Thaler & Ravishankar 1998) that has headroom. See `Ask.choice` for other orders.
 */
export function chooseSeat(
  seats: readonly Seat[],
  question: Question,
  { affinity, choice }: Pick<Ask, 'affinity' | 'choice'> = {},
): Choice {
  let best = noCandidate();
  // Two that change places: a hundred accounts are looked at for every call.
  let next = noCandidate();
  const refused = createRefusal();
  for (const seat of seats) {
    if (!seat.entry.spec.usable) continue;
    const share = shareOr(refused, seat, question);
    if (share < 0) continue;
    next.seat = seat;
    next.share = share;
    const sticky = affinity !== undefined && share >= affinityFloor;
    next.weight = sticky ? rendezvousWeight(affinity, seat.entry.spec.id) : -1;
    next.refillMs = choice === 'soonest_reset_first' ? refillMs(seat, question.now) : 0;
    if (isBetter(next, best, choice)) [best, next] = [next, best];
  }
  if (!best.seat) return refused.refusal();
  return { kind: 'chosen', seat: best.seat, headroom: best.share };
}

/** As `shareLeft`; -1 where the call does not fit, which is noted. */
function shareOr(refused: RefusalNotes, seat: Seat, question: Question): number {
  const share = shareLeft(seat, question);
  if (share >= 0) return share;
  const verdict = judgeSeat(seat, question);
  if (!verdict.tooLarge && verdict.waitMs === 0) return verdict.share;
  refused.note(seat, verdict, question);
  return -1;
}

interface Candidate {
  seat: Seat | null;
  share: number;
  /** Of its rendezvous with this conversation; -1 where none is asked for. */
  weight: number;
  /** Until the first of what counts against its slowest limit leaves it; only where that decides. */
  refillMs: number;
}

function noCandidate(): Candidate {
  return { seat: null, share: -1, weight: -1, refillMs: 0 };
}

function isBetter(one: Candidate, other: Candidate, choice: Ask['choice']): boolean {
  if (!one.seat || !other.seat) return other.seat === null;
  if (one.weight !== other.weight) return one.weight > other.weight;
  if (choice === 'fill_first') return one.seat.entry.spec.id < other.seat.entry.spec.id;
  if (one.refillMs !== other.refillMs) return one.refillMs < other.refillMs;
  if (one.share !== other.share) return one.share > other.share;
  const calls = one.seat.entry.inFlight - other.seat.entry.inFlight;
  return calls !== 0 ? calls < 0 : one.seat.entry.spec.id < other.seat.entry.spec.id;
}

/** An account that is unused comes last: its next window begins when it is first asked. */
function refillMs({ bucket }: Seat, now: number): number {
  let longest = 0;
  for (const [index, meter] of bucket.meters.entries()) {
    if (boundOf(bucket, index) !== null) longest = Math.max(longest, meter.refillsIn(now));
  }
  return longest > 0 ? longest : Number.POSITIVE_INFINITY;
}

type RefusalNotes = ReturnType<typeof createRefusal>;

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
