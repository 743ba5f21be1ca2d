import { limitDimensions } from '../../platform/config/config.ts';
import type { Ask, Refusal } from '../limiter.ts';
import { rendezvousWeight } from '../rendezvous-weight.ts';
import { loadOf, type Standing, standsBefore, type Terms, termsOf } from '../standing.ts';
import { boundOf } from './bucket.ts';
import { judgeSeat, type Question, type Seat, shareLeft, type Verdict } from './judge-seat.ts';
import { untilRelease } from './meter.ts';

export type Choice = { kind: 'chosen'; seat: Seat; headroom: number } | Refusal;

/** Below this share an affine account is left, so that a conversation does not exhaust it alone. */
const affinityFloor = 0.1;

/**
 * The account with most headroom for its weight: the largest of the smallest remaining shares. Near equals
 * go to the cheaper one, equals to the one with fewer calls in flight, then by id. With affinity: the
 * account of the highest rendezvous weight (Thaler & Ravishankar 1998) that has headroom. See `Ask.choice`
 * for other orders and standing.ts for the whole one.
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
    const { spec, terms, inFlight } = seat.entry;
    if (!spec.usable) continue;
    const share = shareOr(refused, seat, question);
    if (share < 0) continue;
    next.seat = seat;
    next.share = share;
    next.terms = terms;
    next.rendezvous = drawOf(affinity, share, terms);
    next.refillMs = choice === 'soonest_reset_first' ? refillMs(seat, question.now) : 0;
    next.load = loadOf(share, terms);
    next.calls = inFlight;
    if (best.seat === null || standsBefore(next, best, choice)) [best, next] = [next, best];
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

function drawOf(affinity: string | undefined, share: number, terms: Terms): number {
  return affinity !== undefined && share >= affinityFloor ? rendezvousWeight(affinity, terms) : -1;
}

const nobody = termsOf({ id: '' });

interface Candidate extends Standing {
  seat: Seat | null;
  share: number;
}

function noCandidate(): Candidate {
  return {
    seat: null,
    share: -1,
    terms: nobody,
    rendezvous: -1,
    refillMs: 0,
    load: 0,
    calls: 0,
  };
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
