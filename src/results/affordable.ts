import { type HeadraceError, isHeadraceError } from '../platform/errors/headrace-error.ts';
import { isUnpaid } from './is-unpaid.ts';

const outOfReach: ReadonlySet<string> = new Set([
  'no_capacity',
  'upstream_failed',
  'upstream_rejected',
  'upstream_timeout',
  'upstream_credentials_exhausted',
  'upstream_unreachable',
  'deadline_passed',
]);

/** What comes after a first opinion is wished for: where it cannot be paid, reached or waited for, what was said so far decides. */
export async function affordable(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!isPassable(error)) throw error;
  }
}

/** Somebody else may be asked instead, or nobody. */
export function isPassable(error: unknown): error is HeadraceError {
  return isUnpaid(error) || (isHeadraceError(error) && outOfReach.has(error.code));
}
