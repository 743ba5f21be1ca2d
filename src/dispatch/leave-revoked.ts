import { type HeadraceError, isHeadraceError } from '../platform/errors/headrace-error.ts';
import type { Attempt, AttemptResult } from './attempt.ts';
import { currentPool } from './current-pool.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import type { PoolCall } from './pool-call.ts';

/** A key that was to be lent is no longer there. */
export function isRevoked(error: unknown): error is HeadraceError {
  return isHeadraceError(error) && error.code === 'upstream_credentials_exhausted';
}

/**
 * A key was revoked, which this process has not heard yet: the account's next key is lent, else another
 * account is asked. Throws the error where there is none.
 */
export function leaveRevoked(
  { rack, directory }: Pick<DispatchParts, 'rack' | 'directory'>,
  { pool, excluded }: Pick<PoolCall, 'pool' | 'excluded'>,
  {
    account,
    credentialId,
    error,
  }: Pick<Attempt, 'account'> &
    Pick<Extract<AttemptResult, { kind: 'revoked' }>, 'credentialId' | 'error'>,
): void {
  rack.putAside(account, credentialId);
  if (rack.hasOther(account)) return;
  excluded.add(account.id);
  const candidates = currentPool({ directory }, { pool })?.candidates ?? [];
  if (candidates.every(({ accountId }) => excluded.has(accountId))) throw error;
}
