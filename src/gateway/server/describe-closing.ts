import { HeadraceError } from '../../platform/errors/headrace-error.ts';

/** What a call that the closing gateway gave up tells its client: come again, another process may answer. */
export function describeClosing(cause: unknown): HeadraceError {
  return new HeadraceError('no_capacity', {
    message: 'The gateway is closing.',
    retryAfterMs: 1_000,
    cause,
  });
}
