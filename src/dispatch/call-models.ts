import type { ErrorCode } from '../platform/errors/catalogue.ts';
import { HeadraceError, isHeadraceError } from '../platform/errors/headrace-error.ts';
import { CallError } from './call-error.ts';
import { callPool } from './call-pool.ts';
import type { CallOrder, CallOutcome } from './dispatch.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import { poolLeftAloneFor } from './left-alone.ts';
import type { Pool } from './model-directory.ts';
import { orderModels } from './order-models.ts';
import { createPoolCall } from './pool-call.ts';
import { resolveModel } from './resolve-model.ts';
import { missedBefore, unreachableError, wasMissed } from './unreachable.ts';

/** Another model may still take the call after one of these. */
const fallsBackOn: readonly ErrorCode[] = [
  'no_capacity',
  'never_fits',
  'model_unknown',
  'model_unpriced',
  'budget_exhausted',
  'upstream_failed',
  'upstream_timeout',
  'upstream_credentials_exhausted',
  'upstream_unreachable',
];

/** Answers from what is kept, else calls the first of the order's models that answers; the rest of the list is what it falls back to. */
export async function callModels(parts: DispatchParts, order: CallOrder): Promise<CallOutcome> {
  const kept = await parts.ledger.recall(order);
  if (kept) return kept;
  const progress = { attempts: 0, missed: [] as string[] };
  const errors: HeadraceError[] = [];
  for (const { name, isStandIn, isLast } of orderModels(parts, order)) {
    if (isStandIn && errors.length > 0 && unreachableError(errors, progress) === null) break;
    try {
      const pool = resolveModel(parts.directory(), parts.aliases, name);
      // Another model at a host that cannot be reached is as far away.
      if (errors.length > 0 && wasMissed(parts, pool, progress)) continue;
      refuseClosed(parts, pool, { isLast });
      return await callPool(parts, createPoolCall(parts, order, { pool, progress }));
    } catch (error) {
      if (!isHeadraceError(error) || !mayFallBack(error)) throw error;
      errors.push(explain(parts, name, error));
    }
  }
  throw unreachableError(errors, progress) ?? mostUseful(errors);
}

/** A breaker that opened because no host was reached says nothing of capacity. */
function explain(parts: DispatchParts, name: string, error: HeadraceError): HeadraceError {
  const pool = error.code === 'no_capacity' ? parts.directory().find(name) : null;
  if (!pool || poolLeftAloneFor(parts, pool) === 0) return error;
  return parts.gates.of(pool.info.id).refusal()?.reason === 'breaker' ? missedBefore(pool) : error;
}

/** A call waits for a broken provider only where it has nowhere else to go, and never for an operator. */
function refuseClosed(parts: DispatchParts, pool: Pool, { isLast }: { isLast: boolean }): void {
  const { id } = pool.info;
  const refusal = parts.gates.of(id).refusal();
  if (refusal === null || refusal.reason === 'overrun') return;
  if (refusal.reason === 'breaker' && poolLeftAloneFor(parts, pool) > 0) throw missedBefore(pool);
  if (refusal.reason === 'breaker' && isLast) return;
  const isDrained = refusal.reason === 'drained';
  throw new HeadraceError('no_capacity', {
    message: isDrained
      ? `An operator has taken ${id} out.`
      : `${id} fails too often to be asked now.`,
    ...(isDrained ? { fix: 'Name another model, or ask the operator to take it back.' } : {}),
    where: id,
    retryAfterMs: Math.max(1, Math.ceil(refusal.waitMs)),
  });
}

function mayFallBack(error: HeadraceError): boolean {
  if (error instanceof CallError && error.partialText !== '') return false;
  return fallsBackOn.includes(error.code);
}

/** One that says when to come back before one that does not; else the first choice's. */
function mostUseful(errors: readonly HeadraceError[]): HeadraceError {
  const waits = errors
    .filter(({ code }) => code === 'no_capacity')
    .toSorted((left, right) => (left.retryAfterMs ?? 0) - (right.retryAfterMs ?? 0));
  return waits[0] ?? errors[0] ?? new HeadraceError('request_invalid', { where: 'models' });
}
