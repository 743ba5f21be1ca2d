import type { Operation } from './operation.ts';
import type { Scope } from './scopes.ts';

/** A reservation that this process made and has not settled. */
export interface OpenReservation {
  scope: Scope;
  accountId: string;
  modelClass: string;
  cost: readonly number[];
  /** Epoch ms by this process's clock. */
  at: number;
  expiresAt: number;
}

/** What this process has out: told anew to a server that forgot, and kept through an outage. */
export interface ReservationBook {
  open(id: string, reservation: OpenReservation): void;
  find(id: string): OpenReservation | undefined;
  /** Ends it; `undefined` where it had ended before. */
  end(id: string): OpenReservation | undefined;
  all(): [string, OpenReservation][];
}

export function createReservationBook(now: () => number): ReservationBook {
  const open = new Map<string, OpenReservation>();
  return {
    open: (id, reservation) => void open.set(id, reservation),
    find: (id) => open.get(id),
    end(id) {
      const reservation = open.get(id);
      open.delete(id);
      return reservation;
    },
    all() {
      // The server settles as unknown what nobody settled in time; here it is only forgotten.
      for (const [id, { expiresAt }] of open) if (expiresAt <= now()) open.delete(id);
      return [...open];
    },
  };
}

/** For a server that never heard of it, or forgot it. */
export function adoptOperation(id: string, open: OpenReservation, now: number): Operation {
  const { accountId, modelClass, cost, at, expiresAt } = open;
  const ttl = Math.max(0, expiresAt - now);
  return { op: 'adopt', id, account: accountId, class: modelClass, cost, age: now - at, ttl };
}
