import { limitDimensions } from '../../platform/config/config.ts';
import type { Settlement } from '../limiter.ts';
import type { OpenReservation } from './reservation-book.ts';
import type { SeenSeat } from './seen-seat.ts';

const concurrency = limitDimensions.indexOf('concurrency');
const otpm = limitDimensions.indexOf('otpm');

/** Below this share of a limit nobody waits for what a call gives back. */
const tightFrom = 0.8;

/**
 * Whether this settlement changes what others may be granted soon: it gives something back or took more than
 * was reserved, in a dimension that is tight. `seat`: as last heard of; `null`: nothing is known.
 */
export function changesRoom(
  seat: Pick<SeenSeat, 'limits' | 'used'> | null,
  { cost }: Pick<OpenReservation, 'cost'>,
  { outcome, actual }: Settlement,
): boolean {
  if (seat === null) return true;
  return limitDimensions.some((dimension, index) => {
    const reserved = cost[index] ?? 0;
    const limit = seat.limits[index] ?? -1;
    if (limit < 0 || (seat.used[index] ?? 0) < limit * tightFrom) return false;
    // Slots are given back by the end itself; held output begins to leave its window.
    if (index === concurrency || index === otpm) return reserved > 0;
    if (outcome === 'unsent') return reserved > 0;
    const used = outcome === 'unknown' ? reserved : (actual?.[dimension] ?? reserved);
    return used !== reserved;
  });
}
