import type { Clock } from '../../platform/clock.ts';
import { createId } from '../../platform/ids.ts';
import type { Settlement } from '../limiter.ts';
import { moveToNow, type Reservation, settleReservation } from './reservations.ts';

/** The open reservations of this process; one that its call never settles is settled as unknown. */
export interface ReservationTable {
  open(reservation: Reservation): string;
  send(id: string): void;
  settle(id: string, settlement: Settlement): void;
  close(): void;
}

/** How often reservations that nobody settled are looked for, ms. */
const sweepMs = 1000;

export function createReservationTable(clock: Clock, onSettled: () => void): ReservationTable {
  const reservations = new Map<string, Reservation>();
  const origin = createId('rsv');
  let opened = 0;
  let cancelSweep: (() => void) | null = null;

  function settle(id: string, settlement: Settlement): void {
    const reservation = reservations.get(id);
    if (!reservation) return;
    reservations.delete(id);
    if (settleReservation(reservation, settlement, clock.now())) onSettled();
  }

  function sweep(): void {
    cancelSweep = null;
    for (const [id, { expiresAt }] of reservations) {
      if (expiresAt <= clock.now()) settle(id, { outcome: 'unknown' });
    }
    if (reservations.size > 0) cancelSweep ??= clock.setTimer(sweepMs, sweep);
  }

  return {
    open(reservation) {
      opened += 1;
      const id = `${origin}${opened}`;
      reservations.set(id, reservation);
      cancelSweep ??= clock.setTimer(sweepMs, sweep);
      return id;
    },
    send(id) {
      const reservation = reservations.get(id);
      if (reservation) moveToNow(reservation, clock.now());
    },
    settle,
    close: () => cancelSweep?.(),
  };
}
