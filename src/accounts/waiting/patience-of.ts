import type { Clock } from '../../platform/clock.ts';
import type { Waiter } from './waiter.ts';

/**
 * Milliseconds for which the call may still wait; never less than none, for one that may not wait at all
 * is late by the time it comes here, and would be refused what is free.
 */
export function patienceOf({ asked }: Waiter, clock: Clock): number {
  return Math.max(0, asked.admitBy - clock.now());
}
