import { limitDimensions } from '../../platform/config/config.ts';
import type { Ask, Candidate, Pause, Peek, SeatView } from '../limiter.ts';
import { rendezvousWeight } from '../rendezvous-weight.ts';
import { costOf } from './operation.ts';
import type { SeenSeat } from './seen-seat.ts';

interface Seen {
  seat: SeenSeat;
  view: Peek;
  pauses: readonly Pause[];
}

const unusable = {
  verdict: 'unusable',
  headroom: 0,
  waitMs: null,
  blockedBy: null,
  pausedFor: null,
} as const;

/** What a picture says of every candidate; `look` answers `null` for one that may not be used. */
export function explainSeats(ask: Ask, look: (candidate: Candidate) => Seen | null): SeatView[] {
  const cost = costOf(ask.cost);
  const views = ask.candidates.map((candidate) => {
    const seen = look(candidate);
    return seen ? explainSeat(seen, cost) : { ...candidate, ...unusable };
  });
  return markChosen(views, ask);
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

/** As the server would choose, were the picture of this moment. */
function markChosen(
  views: readonly Omit<SeatView, 'chosen'>[],
  { affinity, choice }: Ask,
): SeatView[] {
  const fitting = views.filter(({ verdict }) => verdict === 'fits');
  const rank = (view: Omit<SeatView, 'chosen'>) =>
    affinity !== undefined && view.headroom >= affinityFloor
      ? 1 + rendezvousWeight(affinity, view.accountId)
      : view.headroom;
  const byId = (one: string, other: string) => (one < other ? -1 : 1);
  const [best] = fitting.toSorted((one, other) => {
    const filled = choice === 'fill_first' ? byId(one.accountId, other.accountId) : 0;
    return affinity === undefined && filled !== 0 ? filled : rank(other) - rank(one);
  });
  return views.map((view) => ({ ...view, chosen: view === best }));
}

/** As in the script: below this share a conversation's account is left. */
const affinityFloor = 0.1;
