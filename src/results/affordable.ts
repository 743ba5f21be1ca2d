import { isHeadraceError } from '../platform/errors/headrace-error.ts';

const unaffordable: ReadonlySet<string> = new Set([
  'budget_exhausted',
  'model_unpriced',
  'never_fits',
  'no_capacity',
  'upstream_failed',
  'upstream_rejected',
  'upstream_timeout',
  'upstream_credentials_exhausted',
]);

/** What comes after a first opinion is wished for: where it cannot be paid, reached or waited for, what was said so far decides. */
export async function affordable(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!isHeadraceError(error) || !unaffordable.has(error.code)) throw error;
  }
}
