import type { Peek } from '../limiter.ts';
import { boundOf } from './bucket.ts';
import { chooseSeat } from './choose-seat.ts';
import { judgeSeat, type Question, type Seat } from './judge-seat.ts';

const countedPerAccount = 1000;
/** Who plans ahead does not mind the shares that a vendor enforces per second. */
export const peekPatienceMs = 2000;

export function peekSeats(seats: readonly Seat[], question: Question): Peek {
  const choice = chooseSeat(seats, question);
  if (choice.kind !== 'chosen') {
    return { headroom: 0, callsNow: 0, waitMs: choice.kind === 'wait' ? choice.waitMs : null };
  }
  let callsNow = 0;
  // Not that of the chosen one, which weights and prices may decide.
  let headroom = 0;
  for (const seat of seats) {
    if (!seat.entry.spec.usable) continue;
    const verdict = judgeSeat(seat, question);
    if (verdict.waitMs !== 0 || verdict.tooLarge) continue;
    callsNow += roomFor(seat, question);
    headroom = Math.max(headroom, verdict.share);
  }
  return { headroom, callsNow, waitMs: 0 };
}

function roomFor({ bucket }: Seat, { amounts, now }: Question): number {
  let calls = countedPerAccount;
  for (const [index, amount] of amounts.entries()) {
    const limit = boundOf(bucket, index, amount);
    const meter = bucket.meters[index];
    if (amount === 0 || limit === null || !meter) continue;
    calls = Math.min(calls, Math.floor((limit - meter.used(now)) / amount));
  }
  return Math.max(0, calls);
}
