import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { CallError } from './call-error.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import type { Pool } from './model-directory.ts';
import type { CallProgress, PoolCall } from './pool-call.ts';

// A host that never answered this process is the wrong address, or a network that does not lead there:
// waiting helps nobody. A host that ever answered is worth the usual patience.

/** One that is missed may be missed by chance. */
const missesThatTell = 2;

/**
 * After a host was missed that never answered: `true`, and its account is left out, where the pool has
 * another; `false` where the only one is worth a second try. Throws the error where that failed as well.
 */
export function leaveOut(
  parts: DispatchParts,
  call: PoolCall,
  { accountId, error }: { accountId: string; error: CallError },
): boolean {
  const candidates = parts.directory().find(call.pool.info.id)?.candidates ?? [];
  const others = candidates.filter(
    (each) => each.accountId !== accountId && !call.excluded.has(each.accountId),
  );
  if (others.length > 0) {
    call.excluded.add(accountId);
    return true;
  }
  if (call.progress.missed.length >= missesThatTell) throw error;
  return false;
}

/** Every account of the pool was missed by this very call, and none ever answered. */
export function wasMissed(parts: DispatchParts, pool: Pool, { missed }: CallProgress): boolean {
  return (
    pool.candidates.length > 0 &&
    pool.candidates.every(
      ({ accountId }) => missed.includes(accountId) && !parts.reached.has(accountId),
    )
  );
}

/** Its breaker is open because its hosts are out of reach: to wait for that breaker's trial would help nobody. */
export function missedBefore({ info, candidates }: Pool): HeadraceError {
  const accounts = candidates.map(({ accountId }) => accountId);
  return new HeadraceError('upstream_unreachable', {
    message: `No account that may answer ${info.id} could be reached a moment ago (${accounts.join(', ')}).`,
    where: accounts.map((id) => `account ${id}`).join(', '),
  });
}

/** The error of a call none of whose models has a host that ever answered; `null` where one of them failed otherwise. */
export function unreachableError(
  errors: readonly HeadraceError[],
  { missed }: CallProgress,
): HeadraceError | null {
  const unreached = errors.filter(
    (error) =>
      error.code === 'upstream_unreachable' || (error instanceof CallError && error.unreached),
  );
  const [first] = unreached;
  if (!first || unreached.length < errors.length) return null;
  if (first.code === 'upstream_unreachable') return first;
  const accounts = [...new Set(missed)];
  return new HeadraceError('upstream_unreachable', {
    message: `No account that may answer can be reached (${accounts.join(', ')}), nor could any since this process began: ${first.message}.`,
    where: accounts.map((id) => `account ${id}`).join(', '),
    cause: first,
  });
}
