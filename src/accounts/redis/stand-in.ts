import type { Clock } from '../../platform/clock.ts';
import {
  type LimitDimension,
  type LimitRule,
  limitDimensions,
} from '../../platform/config/config.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Ask, Cost, LimitedAccount, Limiter, ReserveOutcome, Settlement } from '../limiter.ts';
import { costOf } from './operation.ts';
import type { Picture } from './picture.ts';
import type { OpenReservation, ReservationBook } from './reservation-book.ts';
import type { Pool } from './scopes.ts';

/**
 * Admits while the server is away: `closed`, this process's share (a part in as many as there were
 * replicas) of every limit, of what was left when the server was last heard; `open`, all of it.
 */
export interface StandIn {
  active(): boolean;
  /** `replicas`: as many as last seen; `null`: never heard of, and then nothing is admitted. */
  begin(replicas: number | null, accounts: readonly LimitedAccount[]): Promise<void>;
  reserve(pool: Pool, ask: Ask): Promise<ReserveOutcome>;
  sent(id: string): Promise<void>;
  settle(id: string, settlement: Settlement): Promise<void>;
  limiter(): Limiter | null;
  end(): Promise<void>;
}

export interface StandInDeps {
  clock: Clock;
  fail: 'closed' | 'open';
  /** A limiter of this process alone. */
  open: () => Limiter;
  picture: Picture;
  book: ReservationBook;
  /** The stand-in granted this one, of which the server has to hear. */
  made: (id: string, reservation: OpenReservation) => void;
}

export function createStandIn(deps: StandInDeps): StandIn {
  const { clock, fail, picture, book } = deps;
  let isActive = false;
  let local: Limiter | null = null;
  let last = Promise.resolve();
  /** Reservation → the stand-in's own. */
  const ids = new Map<string, string>();

  /** What is out holds its slots and its output, whatever the share. */
  async function takeOut(limiter: Limiter, accounts: readonly LimitedAccount[]): Promise<void> {
    await limiter.configure(accounts.map(withoutLimits));
    for (const [id, { accountId, modelClass, cost, expiresAt }] of book.all()) {
      const outcome = await limiter.reserve({
        candidates: [{ accountId, modelClass }],
        cost: heldOf((dimension) => cost[limitDimensions.indexOf(dimension)]),
        expiresAt,
      });
      if (outcome.kind === 'granted') ids.set(id, outcome.reservationId);
    }
  }

  async function open(replicas: number | null, accounts: readonly LimitedAccount[]) {
    if (replicas === null && fail === 'closed') return;
    const parts = fail === 'open' ? 1 : Math.max(1, replicas ?? 1);
    const limiter = deps.open();
    await takeOut(limiter, accounts);
    await limiter.configure(accounts.map((account) => shareOf(account, parts)));
    await takeShare(limiter, { picture, parts, now: clock.now() });
    local = limiter;
  }

  async function close(): Promise<void> {
    const ended = local;
    local = null;
    ids.clear();
    await ended?.close();
  }

  /** One after the other: one that is ended while it is still being opened would live on, timers and all. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    last = last.catch(() => undefined).then(work);
    return last;
  }

  return {
    active: () => isActive,
    limiter: () => local,
    begin(replicas, accounts) {
      isActive = true;
      return inTurn(() => open(replicas, accounts));
    },
    async reserve(pool, ask) {
      const outcome = local ? await local.reserve(ask) : null;
      // What is larger than a share may fit again when the server is back.
      if (outcome === null || outcome.kind === 'never_fits') throw unreachable();
      if (outcome.kind !== 'granted') return outcome;
      const { reservationId: id, accountId } = outcome;
      const place = pool.accounts.findIndex(({ id }) => id === accountId);
      const modelClass = pool.seats[place * 2 + 1] ?? '';
      const { expiresAt, cost } = ask;
      ids.set(id, id);
      const at = clock.now();
      const { scope } = pool;
      const made = { scope, accountId, modelClass, cost: costOf(cost), at, expiresAt };
      book.open(id, made);
      deps.made(id, made);
      return outcome;
    },
    sent: async (id) => local?.sent(ids.get(id) ?? id),
    async settle(id, settlement) {
      const own = ids.get(id) ?? id;
      // Of a call from before only what it held is the stand-in's; its windows are in the share.
      const { actual } = settlement;
      const isOlder = own !== id && actual !== undefined;
      const told = isOlder ? { ...settlement, actual: heldOf((each) => actual[each]) } : settlement;
      await local?.settle(own, told);
    },
    end() {
      isActive = false;
      return inTurn(close);
    },
  };
}

/** The dimensions that a call holds until it ends. */
function heldOf(amount: (dimension: LimitDimension) => number | undefined): Cost {
  return { otpm: amount('otpm') ?? 0, concurrency: amount('concurrency') ?? 0 };
}

function withoutLimits(account: LimitedAccount): LimitedAccount {
  const endless = Object.fromEntries(limitDimensions.map((dimension) => [dimension, null]));
  return {
    ...account,
    usable: true,
    rules: account.rules.map((rule) => ({ ...rule, ...endless })),
  };
}

function shareOf(account: LimitedAccount, parts: number): LimitedAccount {
  return {
    ...account,
    rules: account.rules.map((rule) => {
      const share: LimitRule = { ...rule };
      for (const dimension of limitDimensions) {
        const limit = rule[dimension];
        if (typeof limit === 'number') share[dimension] = Math.floor(limit / parts);
      }
      return share;
    }),
  };
}

function unreachable(): HeadraceError {
  return new HeadraceError('limiter_unreachable', { retryAfterMs: 1000 });
}

/** Of what was left when the server was last heard, each replica may take its part. */
async function takeShare(
  limiter: Limiter,
  { picture, parts, now }: { picture: Picture; parts: number; now: number },
): Promise<void> {
  for (const { accountId, modelClass, limits, used } of picture.seats()) {
    const seen = limitDimensions.flatMap((dimension, index) => {
      const limit = limits[index] ?? -1;
      if (limit < 0) return [];
      const remaining = Math.floor(Math.max(0, limit - (used[index] ?? 0)) / parts);
      return [{ dimension, limit: Math.floor(limit / parts), remaining }];
    });
    await limiter.correct({ accountId, modelClass, sentAt: now, seenAt: now, seen });
  }
  for (const pause of picture.pauses()) await limiter.pause(pause);
}
