import { limitDimensions } from '../../platform/config/config.ts';
import type { Settlement } from '../limiter.ts';
import type { OpenReservation } from './reservation-book.ts';

const concurrency = limitDimensions.indexOf('concurrency');
const otpm = limitDimensions.indexOf('otpm');

/**
 * Whether this settlement changes what others may be granted: it gives something back or took more than
 * was reserved, in a dimension with a bound. `limits`: -1 is none; `null`: nothing is known.
 */
export function changesRoom(
  limits: readonly number[] | null,
  { cost }: Pick<OpenReservation, 'cost'>,
  { outcome, actual }: Settlement,
): boolean {
  if (limits === null) return true;
  return limitDimensions.some((dimension, index) => {
    const reserved = cost[index] ?? 0;
    if ((limits[index] ?? -1) < 0) return false;
    // Slots are given back by the end itself; held output begins to leave its window.
    if (index === concurrency || index === otpm) return reserved > 0;
    if (outcome === 'unsent') return reserved > 0;
    const used = outcome === 'unknown' ? reserved : (actual?.[dimension] ?? reserved);
    return used !== reserved;
  });
}
