import { limitDimensions } from '../../platform/config/config.ts';
import type { Ask, Candidate, LimitedAccount, Pause, Peek, SeatView } from '../limiter.ts';
import { rendezvousWeight } from '../rendezvous-weight.ts';
import { loadOf, type Standing, standsBefore, type Terms, termsOf } from '../standing.ts';
import { costOf } from './operation.ts';
import type { SeenSeat } from './seen-seat.ts';

interface Seen {
  spec: LimitedAccount | undefined;
  seat: SeenSeat;
  view: Peek;
  pauses: readonly Pause[];
}

/** `now`: epoch ms by this process's clock. */
type AskNow = Ask & { now: number };

const unusable = {
  verdict: 'unusable',
  headroom: 0,
  waitMs: null,
  blockedBy: null,
  pausedFor: null,
} as const;

/** What a picture says of every candidate; `look` answers `null` for one that may not be used. */
export function explainSeats(ask: AskNow, look: (candidate: Candidate) => Seen | null): SeatView[] {
  const cost = costOf(ask.cost);
  const seats = ask.candidates.map((candidate) => {
    const seen = look(candidate);
    const view = seen ? explainSeat(seen, cost) : { ...candidate, ...unusable };
    return { view, seat: seen?.seat, terms: termsOf(seen?.spec ?? { id: candidate.accountId }) };
  });
  const chosen = choose(seats, ask);
  return seats.map(({ view }) => ({ ...view, chosen: view === chosen }));
}

/** What a picture says of one candidate in words; the server decides when it is asked. */
function explainSeat(
  { seat, view, pauses }: Seen,
  cost: readonly number[],
): Omit<SeatView, 'chosen'> {
  const about = { accountId: seat.accountId, modelClass: seat.modelClass, headroom: view.headroom };
  if (view.waitMs === 0) {
    return { ...about, verdict: 'fits', waitMs: 0, blockedBy: null, pausedFor: null };
  }
  const tight = limitDimensions.findIndex((_, index) => {
    const limit = seat.limits[index] ?? -1;
    return limit >= 0 && (cost[index] ?? 0) + (seat.used[index] ?? 0) > limit;
  });
  const tooLarge = limitDimensions.findIndex((_, index) => {
    const limit = seat.limits[index] ?? -1;
    return limit >= 0 && (cost[index] ?? 0) > limit;
  });
  const dimension = limitDimensions[tooLarge >= 0 ? tooLarge : tight] ?? null;
  if (tooLarge >= 0) {
    return { ...about, verdict: 'too_large', waitMs: null, blockedBy: dimension, pausedFor: null };
  }
  const pausedFor = pauses[0]?.reason ?? null;
  const blockedBy = pausedFor === null ? dimension : 'pause';
  return { ...about, verdict: 'waits', waitMs: view.waitMs, blockedBy, pausedFor };
}

interface Explained {
  view: Omit<SeatView, 'chosen'>;
  seat: SeenSeat | undefined;
  terms: Terms;
}

/** As the server would choose, were the picture of this moment. */
function choose(seats: readonly Explained[], ask: AskNow): Omit<SeatView, 'chosen'> | null {
  let best: { view: Omit<SeatView, 'chosen'>; standing: Standing } | null = null;
  for (const seat of seats) {
    const { view } = seat;
    if (view.verdict !== 'fits') continue;
    const standing = standingOf(seat, ask);
    if (!best || standsBefore(standing, best.standing, ask.choice)) best = { view, standing };
  }
  return best?.view ?? null;
}

function standingOf({ view, seat, terms }: Explained, ask: AskNow): Standing {
  const { affinity, choice, now } = ask;
  const { headroom } = view;
  const sticky = affinity !== undefined && headroom >= affinityFloor;
  const refillAt = seat?.refillAt ?? Number.POSITIVE_INFINITY;
  return {
    terms,
    rendezvous: sticky ? rendezvousWeight(affinity, terms) : -1,
    refillMs: choice === 'soonest_reset_first' ? Math.max(0, refillAt - now) : 0,
    load: loadOf(headroom, terms),
    calls: seat?.calls ?? 0,
  };
}

/** As in the script: below this share a conversation's account is left. */
const affinityFloor = 0.1;
