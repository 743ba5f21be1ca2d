import type { Clock } from '../../platform/clock.ts';
import { limitDimensions } from '../../platform/config/config.ts';
import type { Ask, Gauge, LimitedAccount, Pause, Peek, SeatView } from '../limiter.ts';
import { classKey } from '../model-class.ts';
import type { PausePicture, SeatPicture } from './answer.ts';
import { explainSeats } from './explain-seats.ts';
import { costOf } from './operation.ts';
import type { SeenSeat } from './seen-seat.ts';

/** What this process last heard of the shared windows: for planning and for show, never for admission. */
export interface Picture {
  configure(accounts: readonly LimitedAccount[]): void;
  see(seats: readonly SeatPicture[]): void;
  /** All pauses of these accounts, at the server's time. */
  seePauses(accounts: readonly string[], pauses: readonly Pause[]): void;
  peek(ask: Ask, now: number): Peek;
  explain(ask: Ask, now: number): SeatView[];
  gauges(accountId?: string): Gauge[];
  pauses(): readonly Pause[];
  /** One that this process has just made. */
  add(pause: Pause): void;
  seats(): readonly SeenSeat[];
  /** `null`: never heard of, or something holds the account back that its success may end. */
  seatOf(seat: Pick<SeenSeat, 'accountId' | 'modelClass'>): SeenSeat | null;
  /** What is known of the day's requests: account, class, amount. */
  daysOf(accounts: readonly string[]): [string, string, number][];
}

const nothing = limitDimensions.map(() => 0);
const dayIndex = limitDimensions.indexOf('rpd');
const minuteMs = 60_000;
const countedPerAccount = 1000;

export function createPicture(clock: Pick<Clock, 'now'>): Picture {
  const accounts = new Map<string, LimitedAccount>();
  const seats = new Map<string, SeenSeat>();
  let pauses: readonly Pause[] = [];

  /** Nothing was used yet where nothing was heard. */
  function seatOf(accountId: string, modelClass: string): SeenSeat | null {
    const account = accounts.get(accountId);
    if (!account?.usable) return null;
    const seen = seats.get(`${accountId}\n${modelClass}`);
    if (seen) return seen;
    const rule = account.rules.find((each) => classKey(each) === modelClass);
    const limits = limitDimensions.map((dimension) => rule?.[dimension] ?? -1);
    const unused = { used: nothing, foreign: nothing, calls: 0, refillAt: null };
    return { accountId, modelClass, limits, ...unused };
  }

  function pauseLeft(seat: SeenSeat, cost: readonly number[], now: number): number {
    const ends = pausesOf(seat)
      .filter(({ dimension }) => !dimension || (cost[limitDimensions.indexOf(dimension)] ?? 0) > 0)
      .map(({ until }) => until ?? Number.POSITIVE_INFINITY);
    return Math.max(0, ...ends.map((end) => end - now));
  }

  function pausesOf({ accountId, modelClass }: SeenSeat): Pause[] {
    return pauses.filter(
      (pause) =>
        pause.accountId === accountId &&
        (pause.modelClass === undefined || pause.modelClass === modelClass),
    );
  }

  return {
    configure(specs) {
      accounts.clear();
      for (const spec of specs) accounts.set(spec.id, spec);
    },
    see(shown) {
      for (const picture of shown) takePicture(seats, picture, clock.now());
    },
    seePauses(ids, seen) {
      pauses = [...pauses.filter(({ accountId }) => !ids.includes(accountId)), ...seen];
    },
    pauses: () => pauses,
    add: (pause) => {
      pauses = [...pauses, pause];
    },
    seats: () => [...seats.values()],
    seatOf({ accountId, modelClass }) {
      if (pauses.some((pause) => pause.accountId === accountId)) return null;
      return seats.get(`${accountId}\n${modelClass}`) ?? null;
    },
    daysOf: (ids) =>
      [...seats.values()]
        .filter(({ accountId }) => ids.includes(accountId))
        .map(({ accountId, modelClass, used }) => [accountId, modelClass, used[dayIndex] ?? 0]),
    peek(ask, now) {
      const cost = costOf(ask.cost);
      const found = ask.candidates
        .map(({ accountId, modelClass }) => seatOf(accountId, modelClass))
        .filter((seat) => seat !== null);
      return joinViews(found.map((seat) => viewOf(seat, ask, pauseLeft(seat, cost, now))));
    },
    explain(ask, now) {
      const cost = costOf(ask.cost);
      return explainSeats({ ...ask, now }, ({ accountId, modelClass }) => {
        const seat = seatOf(accountId, modelClass);
        if (!seat) return null;
        const view = viewOf(seat, ask, pauseLeft(seat, cost, now));
        return { spec: accounts.get(accountId), seat, view, pauses: pausesOf(seat) };
      });
    },
    gauges(accountId) {
      return [...seats.values()]
        .filter((seat) => accounts.has(seat.accountId))
        .filter((seat) => accountId === undefined || seat.accountId === accountId)
        .flatMap((seat) => showSeat(seat, accounts.get(seat.accountId), pausesOf(seat)));
    },
  };
}

/** What a reservation's answer leaves out stays as it was. */
function takePicture(seats: Map<string, SeenSeat>, picture: SeatPicture, now: number): void {
  const [accountId, modelClass, limits, used, calls, refillMs, seen] = picture;
  const key = `${accountId}\n${modelClass}`;
  const foreign = seen ?? seats.get(key)?.foreign ?? nothing;
  const refillAt = refillMs < 0 ? null : now + refillMs;
  seats.set(key, { accountId, modelClass, limits, used, foreign, calls, refillAt });
}

function showSeat(
  seat: SeenSeat,
  account: LimitedAccount | undefined,
  pauses: readonly Pause[],
): Gauge[] {
  const rule = account?.rules.find((each) => classKey(each) === seat.modelClass);
  return limitDimensions.map((dimension, index) => ({
    accountId: seat.accountId,
    modelClass: seat.modelClass,
    dimension,
    limit: seat.limits[index] === -1 ? null : (seat.limits[index] ?? null),
    learning: rule?.[dimension] === undefined,
    used: seat.used[index] ?? 0,
    foreign: seat.foreign[index] ?? 0,
    pauses: pauses.filter((pause) => (pause.dimension ?? dimension) === dimension),
  }));
}

function viewOf(seat: SeenSeat, { cost, leave = 0 }: Ask, pausedMs: number): Peek {
  let share = 1;
  let calls = countedPerAccount;
  let waitMs = pausedMs;
  for (const [index, amount] of costOf(cost).entries()) {
    const limit = seat.limits[index] ?? -1;
    if (amount === 0 || limit < 0) continue;
    if (amount > limit) return { headroom: 0, callsNow: 0, waitMs: null };
    const kept = Math.min(Math.floor(limit * leave), limit - amount);
    const room = limit - kept - (seat.used[index] ?? 0);
    share = Math.min(share, (room + kept - amount) / limit);
    calls = Math.min(calls, Math.floor(room / amount));
    // As if what is used left the window evenly; the server knows better when it is asked.
    waitMs = Math.max(waitMs, Math.ceil(((amount - room) / limit) * minuteMs));
  }
  if (waitMs === 0) return { headroom: share, callsNow: Math.max(0, calls), waitMs };
  return { headroom: 0, callsNow: 0, waitMs: Number.isFinite(waitMs) ? waitMs : null };
}

function joinViews(views: readonly Peek[]): Peek {
  const waits = views.flatMap(({ waitMs }) => (waitMs === null ? [] : [waitMs]));
  return {
    headroom: Math.max(0, ...views.map(({ headroom }) => headroom)),
    callsNow: views.reduce((sum, { callsNow }) => sum + callsNow, 0),
    waitMs: waits.length === 0 ? null : Math.min(...waits),
  };
}

export function pauseOf(
  [accountId, modelClass, dim, till, stated, reason]: PausePicture,
  offsetMs: number,
): Pause {
  return {
    accountId,
    ...(modelClass === '' ? {} : { modelClass }),
    ...(dim === 0 ? {} : { dimension: limitDimensions[dim - 1] }),
    until: till === -1 ? null : till - offsetMs,
    provenance: stated ? 'stated' : 'guessed',
    reason,
  };
}
