import type { Clock } from '../../platform/clock.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Ask, Limiter, ReserveOutcome } from '../limiter.ts';
import { type AccountEntry, bucketOf } from './account-entry.ts';
import { createAccountTable } from './account-table.ts';
import { chooseSeat } from './choose-seat.ts';
import { explainSeats } from './explain-seats.ts';
import { gaugesOf } from './gauges-of.ts';
import { questionOf } from './judge-seat.ts';
import { forgetInferred } from './learned-limit.ts';
import { observeLimits } from './observe-limits.ts';
import { addPause, dropEnded, endPauses } from './pauses.ts';
import { peekPatienceMs, peekSeats } from './peek-seats.ts';
import { createReservationTable } from './reservation-table.ts';
import { beMoreCareful, takeSeat } from './reservations.ts';
import { createWindowGuard, type WindowGuard } from './window-guard.ts';

export interface EmbeddedLimiterDeps {
  clock: Clock;
  /** Whether this process holds the store's instance lock; two limiters would each spend the whole limit. */
  mayAdmit: () => boolean;
  createGuard?: () => WindowGuard;
}

export interface EmbeddedLimiter extends Limiter {
  /** The accounts themselves, for snapshots. */
  readonly entries: ReadonlyMap<string, AccountEntry>;
}

/** The limiter of one process: every method is one synchronous step, hence atomic. */
export function createEmbeddedLimiter(deps: EmbeddedLimiterDeps): EmbeddedLimiter {
  const { clock } = deps;
  const listeners = new Set<() => void>();
  const wake = () => {
    for (const hear of listeners) hear();
  };
  const accounts = createAccountTable(deps.createGuard ?? createWindowGuard);
  const reservations = createReservationTable(clock, wake);

  function reserve(ask: Ask): ReserveOutcome {
    if (!deps.mayAdmit()) throw new HeadraceError('limiter_not_shared');
    const now = clock.now();
    const question = questionOf(ask, { now });
    const choice = chooseSeat(accounts.find(ask.candidates), question, ask);
    if (choice.kind !== 'chosen') return choice;
    const { seat, headroom } = choice;
    const reservationId = reservations.open(takeSeat(seat, ask, question));
    return { kind: 'granted', reservationId, accountId: seat.entry.spec.id, headroom };
  }

  return {
    flags: { exactView: true },
    entries: accounts.entries,
    async configure(specs) {
      accounts.configure(specs);
      wake();
    },
    reserve: async (ask) => reserve(ask),
    sent: async (id) => reservations.send(id),
    settle: async (id, settlement) => reservations.settle(id, settlement),
    async correct(observation) {
      accounts.change(observation.accountId, (entry) => {
        const bucket = bucketOf(entry, observation.modelClass);
        // Less that remains makes no room, and every answer says what remains.
        if (observeLimits(bucket, observation, clock.now())) wake();
      });
    },
    async pause(asked) {
      accounts.change(asked.accountId, (entry) => {
        dropEnded(entry, clock.now());
        addPause(entry, asked, clock.now());
        if (asked.modelClass !== undefined) beMoreCareful(bucketOf(entry, asked.modelClass));
      });
    },
    async clear(accountId, modelClass) {
      accounts.change(accountId, (entry) => {
        endPauses(entry, modelClass);
        forgetInferred(entry.buckets.values(), modelClass);
      });
      wake();
    },
    peek: (ask) =>
      peekSeats(
        accounts.find(ask.candidates),
        questionOf(ask, { now: clock.now(), patienceMs: peekPatienceMs }),
      ),
    explain: (ask) =>
      explainSeats(accounts.find(ask.candidates), questionOf(ask, { now: clock.now() }), ask),
    gauges(accountId) {
      const shown = [...accounts.entries.values()].filter(
        ({ spec }) => accountId === undefined || spec.id === accountId,
      );
      return shown.flatMap((entry) => gaugesOf(entry, clock.now()));
    },
    watch(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    async close() {
      reservations.close();
      listeners.clear();
    },
  };
}
