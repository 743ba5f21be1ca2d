import { type HeadraceError, isHeadraceError } from '../platform/errors/headrace-error.ts';

const unpaid: ReadonlySet<string> = new Set([
  'budget_exhausted',
  'model_unpriced',
  'never_fits',
  'deadline_passed',
]);

/** The run's budget, its time, or a limit for good does not allow a call that is wished for but not needed. */
export function isUnpaid(error: unknown): error is HeadraceError {
  return isHeadraceError(error) && unpaid.has(error.code);
}
