import { type Account, type Candidate, tokensOf } from '../accounts/index.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Attempt } from './attempt.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import type { Pool } from './model-directory.ts';
import type { PoolCall } from './pool-call.ts';

/** A call settles within its deadline; this much later, in ms, nobody will. */
const reservationGraceMs = 30_000;
/** As often as a call must have been refused for capacity to be held back for it. */
const refusalsThatHold = 3;

/** Steps 12 and 13: waits until an account of the pool has room in every dimension, and takes it. */
export async function admitCall(parts: DispatchParts, call: PoolCall): Promise<Attempt> {
  const { order, measured, size, expected } = call;
  // As of now: accounts may have come and gone since the call began.
  const pool = currentPool(parts, call);
  const candidates = candidatesOf(pool, call.excluded);
  const charge = pool.provider.charge(size);
  const askedAt = parts.clock.now();
  const grant = await parts.room.admit({
    ask: {
      candidates,
      cost: charge,
      expiresAt: order.deadlineAt + reservationGraceMs,
      affinity: order.affinity,
      gate: parts.gates.of(pool.info.id),
      choice: parts.choice,
    },
    pool: pool.info.id,
    tenantId: order.tenantId,
    lane: order.lane,
    admitBy: call.admitBy,
    expectedTokens: tokensOf(pool.provider.charge(expected)),
    refusals: order.holdsCapacity ? refusalsThatHold : 0,
    signal: order.signal,
  });
  return {
    order,
    pool,
    measured,
    size,
    charge,
    grant,
    ...seatOf(pool, candidates, grant.accountId),
    number: call.progress.attempts + 1,
    waitedMs: parts.clock.now() - askedAt,
  };
}

function currentPool(parts: DispatchParts, { pool }: PoolCall): Pool {
  const { provider, model, id } = pool.info;
  const directory = parts.directory();
  const current = directory.find(id) ?? directory.discover(provider, model);
  if (current && current.candidates.length > 0) return current;
  throw new HeadraceError('model_unknown', { message: `No account may use ${id}.`, where: id });
}

function candidatesOf(pool: Pool, excluded: ReadonlySet<string>): readonly Candidate[] {
  const current = pool.candidates;
  if (excluded.size === 0) return current;
  const left = current.filter(({ accountId }) => !excluded.has(accountId));
  if (left.length === 0) throw new HeadraceError('never_fits', { where: pool.info.id });
  return left;
}

/** Of those that were asked for: while the call waited, one of them may have been refused the model. */
function seatOf(
  { accounts }: Pool,
  candidates: readonly Candidate[],
  accountId: string,
): { account: Account; candidate: Candidate } {
  const account = accounts.find(({ id }) => id === accountId);
  const candidate = candidates.find((each) => each.accountId === accountId);
  if (!account || !candidate) throw new HeadraceError('internal', { where: accountId });
  return { account, candidate };
}
