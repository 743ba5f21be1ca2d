import { limitDimensions } from '../../platform/config/config.ts';
import type { Ask, Settlement } from '../limiter.ts';
import { type Bucket, boundOf, concurrencyIndex, rampIndex } from './bucket.ts';
import type { Seat } from './judge-seat.ts';
import { lowerLimit, raiseLimits } from './learned-limit.ts';
import { endGuesses } from './pauses.ts';
import { climb } from './ramp.ts';

/** What one admitted call holds until it is settled. */
export interface Reservation {
  seat: Seat;
  amounts: readonly number[];
  at: number;
  expiresAt: number;
}

/** Takes the cost in every dimension; the caller has judged that it fits. */
export function takeSeat(
  seat: Seat,
  ask: Pick<Ask, 'expiresAt'>,
  take: { amounts: readonly number[]; now: number },
): Reservation {
  const { amounts, now } = take;
  const { bucket, entry } = seat;
  for (const [index, amount] of amounts.entries()) {
    if (amount === 0) continue;
    bucket.meters[index]?.take(now, amount);
    bucket.seconds[index]?.take(now, amount);
  }
  if (bucket.ramp && (amounts[rampIndex] ?? 0) > 0) {
    climb(bucket.ramp, bucket.meters[rampIndex]?.used(now) ?? 0, now);
  }
  bucket.inFlight += 1;
  entry.inFlight += 1;
  entry.dirty = true;
  return { seat, amounts, at: now, expiresAt: ask.expiresAt };
}

/** Moves what was taken from when it was granted to now, when the vendor begins to see it. */
export function moveToNow(reservation: Reservation, now: number): void {
  const { at, seat, amounts } = reservation;
  if (now === at) return;
  reservation.at = now;
  for (const [index, cost] of amounts.entries()) {
    if (cost === 0) continue;
    for (const counter of [seat.bucket.meters[index], seat.bucket.seconds[index]]) {
      counter?.settle({ at, cost, now }, 0);
      counter?.take(now, cost);
    }
  }
}

/** Replaces what was taken by what was used, once; see `Settlement`. Answers whether that made room. */
export function settleReservation(
  reservation: Reservation,
  settlement: Settlement,
  now: number,
): boolean {
  const { seat, at } = reservation;
  const { bucket, entry } = seat;
  learnFrom(reservation, settlement, now);
  const freed = makesRoom(reservation, settlement);
  for (const [index, dimension] of limitDimensions.entries()) {
    const cost = reservation.amounts[index] ?? 0;
    const actual = usedOf(settlement, cost, settlement.actual?.[dimension]);
    const meter = bucket.meters[index];
    if (cost > 0) meter?.settle({ at, cost, now }, actual);
    else if (actual > 0) meter?.count(at, actual, now);
    bucket.seconds[index]?.settle({ at, cost, now }, actual);
  }
  bucket.inFlight -= 1;
  entry.inFlight -= 1;
  entry.dirty = true;
  if (settlement.outcome === 'unsent') return true;
  bucket.holdMs += (now - at - bucket.holdMs) / 8;
  if (settlement.firstByteMs !== undefined) entry.guard.observe(settlement.firstByteMs, now);
  if (!settlement.succeeded) return freed;
  endGuesses(entry, bucket.modelClass, at);
  if (bucket.inFlight + 1 >= bucket.careful / 2)
    bucket.careful = Math.min(1024, bucket.careful + 1);
  return freed;
}

/** Less was used than reserved, or a slot or a probe's turn came free; else nobody need look again. */
function makesRoom({ seat, amounts }: Reservation, settlement: Settlement): boolean {
  const { bucket, entry } = seat;
  if (boundOf(bucket, concurrencyIndex) !== null || entry.pauses.length > 0) return true;
  // What is inferred may have been raised.
  if (bucket.learned.some((learned) => learned !== null)) return true;
  return limitDimensions.some((dimension, index) => {
    const cost = amounts[index] ?? 0;
    if (cost === 0 || boundOf(bucket, index) === null) return false;
    // What is produced moves from held to counted, where its time of leaving is known.
    return dimension === 'otpm' || usedOf(settlement, cost, settlement.actual?.[dimension]) < cost;
  });
}

/** While the call still counts in its windows, as it did when the vendor judged it. */
function learnFrom({ seat, amounts, at }: Reservation, settlement: Settlement, now: number): void {
  const { refused, succeeded } = settlement;
  const { perSecondShares } = seat.entry.spec.policy;
  if (refused) lowerLimit(seat.bucket, { refused, amounts, sentAt: at, perSecondShares }, now);
  else if (succeeded) raiseLimits(seat.bucket, amounts, now);
}

/** A refusal of an account whose limits are unknown: half as many calls at once from now on. */
export function beMoreCareful(bucket: Bucket): void {
  bucket.careful = Math.max(1, Math.floor(bucket.careful / 2));
}

function usedOf(settlement: Settlement, cost: number, actual: number | undefined): number {
  if (settlement.outcome === 'unsent') return 0;
  if (settlement.outcome === 'unknown' || actual === undefined) return cost;
  return Math.max(0, Math.ceil(actual));
}
