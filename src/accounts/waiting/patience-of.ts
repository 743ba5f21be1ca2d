import type { Clock } from '../../platform/clock.ts';
import type { Waiter } from './waiter.ts';

/** Milliseconds for which the call may still wait. */
export function patienceOf({ asked }: Waiter, clock: Clock): number {
  return asked.admitBy - clock.now();
}
