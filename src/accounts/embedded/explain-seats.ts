import type { Ask, SeatView } from '../limiter.ts';
import { chooseSeat } from './choose-seat.ts';
import { judgeSeat, type Question, type Seat, type Verdict } from './judge-seat.ts';
import { untilRelease } from './meter.ts';

/** What `chooseSeat` saw of every candidate, and whom it would take; takes nothing. */
export function explainSeats(
  seats: readonly Seat[],
  question: Question,
  asked: Pick<Ask, 'affinity' | 'choice'>,
): SeatView[] {
  const choice = chooseSeat(seats, question, asked);
  const chosen = choice.kind === 'chosen' ? choice.seat : null;
  return seats.map((seat) => ({
    accountId: seat.entry.spec.id,
    modelClass: seat.bucket.modelClass,
    chosen: seat === chosen,
    ...describe(seat, judgeSeat(seat, question)),
  }));
}

function describe(
  seat: Seat,
  verdict: Verdict,
): Omit<SeatView, 'accountId' | 'modelClass' | 'chosen'> {
  const { blockedBy, pausedFor, share } = verdict;
  if (!seat.entry.spec.usable) {
    return { verdict: 'unusable', headroom: 0, waitMs: null, blockedBy: null, pausedFor: null };
  }
  if (verdict.tooLarge)
    return { verdict: 'too_large', headroom: 0, waitMs: null, blockedBy, pausedFor };
  if (verdict.waitMs === 0)
    return { verdict: 'fits', headroom: share, waitMs: 0, blockedBy, pausedFor };
  const known = verdict.waitMs !== untilRelease && Number.isFinite(verdict.waitMs);
  const waitMs = known ? verdict.waitMs : null;
  return { verdict: 'waits', headroom: 0, waitMs, blockedBy, pausedFor };
}
