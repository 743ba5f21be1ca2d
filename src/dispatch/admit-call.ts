import { type Account, type Candidate, tokensOf } from '../accounts/index.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Attempt } from './attempt.ts';
import { currentPool } from './current-pool.ts';
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
  const { info, provider } = openPool(parts, call);
  const candidates = watchCandidates(parts, call);
  if (candidates().length === 0) throw new HeadraceError('never_fits', { where: info.id });
  const charge = provider.charge(size);
  const askedAt = parts.clock.now();
  const grant = await parts.room.admit({
    ask: {
      // Accounts come and go, and are given other limits, while it waits.
      get candidates() {
        return candidates();
      },
      cost: charge,
      expiresAt: order.deadlineAt + reservationGraceMs,
      affinity: order.affinity,
      gate: parts.gates.of(info.id),
      choice: parts.choice,
    },
    pool: info.id,
    tenantId: order.tenantId,
    lane: order.lane,
    admitBy: call.admitBy,
    expectedTokens: tokensOf(provider.charge(expected)),
    refusals: order.holdsCapacity ? refusalsThatHold : 0,
    signal: order.signal,
  });
  const seat = findSeat(parts, call, grant.accountId);
  if (!seat) {
    // Removed, or refused the model, while the limiter answered.
    await parts.limiter.settle(grant.reservationId, { outcome: 'unsent' });
    return await admitCall(parts, call);
  }
  const number = call.progress.attempts + 1;
  const waitedMs = parts.clock.now() - askedAt;
  return { order, measured, size, charge, grant, ...seat, number, waitedMs };
}

function openPool(parts: DispatchParts, call: PoolCall): Pool {
  const current = currentPool(parts, call);
  if (current && current.candidates.length > 0) return current;
  const { id } = call.pool.info;
  throw new HeadraceError('model_unknown', { message: `No account may use ${id}.`, where: id });
}

/** Who may take the call as of now; the same array until that changes. */
function watchCandidates(parts: DispatchParts, call: PoolCall): () => readonly Candidate[] {
  let all: readonly Candidate[] = [];
  let left = all;
  return () => {
    const current = currentPool(parts, call)?.candidates ?? [];
    if (current !== all) {
      all = current;
      const isLeft = ({ accountId }: Candidate) => !call.excluded.has(accountId);
      left = all.every(isLeft) ? all : all.filter(isLeft);
    }
    return left;
  };
}

/** The account as it is now: its keys may be others than when the call began to wait. */
function findSeat(
  parts: DispatchParts,
  call: PoolCall,
  accountId: string,
): { pool: Pool; account: Account; candidate: Candidate } | null {
  const pool = currentPool(parts, call);
  const account = pool?.accounts.find(({ id }) => id === accountId);
  const candidate = pool?.candidates.find((each) => each.accountId === accountId);
  return pool && account && candidate ? { pool, account, candidate } : null;
}
