import { sleep } from '../platform/clock.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { admitCall } from './admit-call.ts';
import type { Attempt, AttemptResult } from './attempt.ts';
import { backoffMs } from './backoff.ts';
import { CallError } from './call-error.ts';
import { decideNext } from './decide-next.ts';
import type { CallOutcome } from './dispatch.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import type { ExchangeEnd } from './exchange-end.ts';
import { leaveRevoked } from './leave-revoked.ts';
import type { PoolCall } from './pool-call.ts';
import { runAttempt } from './run-attempt.ts';
import { leaveOut } from './unreachable.ts';

/** A budget that other calls hold is looked at again after this, ms. */
const budgetPauseMs = 200;
/** An account that may not use a model is asked again after this, ms: rights change. */
const denialMs = 600_000;

/**
 * Calls one model at whichever of its accounts has room, again where the failure allows.
 * @throws CallError; HeadraceError as `Dispatch` says; the signal's reason when it aborts
 */
export async function callPool(parts: DispatchParts, call: PoolCall): Promise<CallOutcome> {
  const { order } = call;
  for (;;) {
    order.signal.throwIfAborted();
    if (parts.clock.now() >= order.deadlineAt) throw new HeadraceError('deadline_passed');
    const attempt = await admitCall(parts, call);
    const result = await runAttempt(parts, attempt);
    if (result.kind === 'held') {
      await waitForBudget(parts, call);
      continue;
    }
    if (result.kind === 'revoked') {
      leaveRevoked(parts, call, { ...result, account: attempt.account });
      continue;
    }
    call.progress.attempts += 1;
    const { end } = result;
    noteReach(parts, call, { accountId: attempt.account.id, end });
    if (end.kind === 'cancelled') throw end.reason;
    if (end.kind === 'answered') return outcomeOf(attempt, result, end.answer);
    await prepareNext(parts, call, { attempt, result, end });
  }
}

async function waitForBudget(parts: DispatchParts, call: PoolCall): Promise<void> {
  if (parts.clock.now() + budgetPauseMs > call.admitBy) {
    throw new HeadraceError('no_capacity', {
      message: 'The rest of the budget is held by calls under way.',
      retryAfterMs: 1000,
    });
  }
  await sleep(parts.clock, budgetPauseMs, call.order.signal);
}

interface Failed {
  attempt: Attempt;
  result: Extract<AttemptResult, { kind: 'ended' }>;
  end: Extract<ExchangeEnd, { kind: 'failed' }>;
}

/** Returns when the pool may be tried again; throws where it may not. */
async function prepareNext(parts: DispatchParts, call: PoolCall, failed: Failed): Promise<void> {
  const { clock, log, random } = parts;
  const { attempt, end } = failed;
  const { failure } = end;
  const { id, provider, model } = call.pool.info;
  const accountId = attempt.account.id;
  log.info('call.failed', {
    provider,
    model,
    account: accountId,
    attempt_id: failed.result.attemptId,
    kind: failure.kind,
    code: failure.code,
  });
  const error = new CallError(failure, {
    where: id,
    attempts: call.progress.attempts,
    partialText: end.delivered ? end.text : '',
    timedOut: end.timedOut,
    unreached: end.unreached === true && !parts.reached.has(accountId),
  });
  if (error.unreached && leaveOut(parts, call, { accountId, error })) return;
  // What was heard cannot be unheard: another answer would be spliced to it.
  if (end.delivered || clock.now() >= call.order.deadlineAt) throw error;
  const troubled = failure.kind === 'transient' || failure.kind === 'unknown';
  if (troubled) call.tries.transient += 1;
  else call.tries.refused += 1;
  switch (decideNext(failure, call.tries)) {
    case 'stop':
    case 'next_model':
      throw error;
    case 'deny':
      parts.directory().deny(accountId, id, clock.now() + denialMs);
      return;
    case 'exclude':
      call.excluded.add(accountId);
      return;
    case 'elsewhere':
      return;
    case 'again': {
      // Its breaker has just opened: what failed now is the better answer than a wait for its trial.
      if (parts.gates.of(id).refusal()?.reason === 'breaker') throw error;
      const pause = Math.max(failure.retryAfterMs ?? 0, backoffMs(random, call.tries.transient));
      if (clock.now() + pause >= call.order.deadlineAt) throw error;
      await sleep(clock, pause, call.order.signal);
    }
  }
}

function noteReach(
  { reached, missedAt, clock }: DispatchParts,
  { progress }: PoolCall,
  { accountId, end }: { accountId: string; end: ExchangeEnd },
): void {
  if (end.kind === 'failed' && end.unreached) {
    progress.missed.push(accountId);
    missedAt.set(accountId, clock.now());
  } else if (end.kind !== 'cancelled') reached.add(accountId);
}

function outcomeOf(
  attempt: Attempt,
  result: Failed['result'],
  answer: CallOutcome['answer'],
): CallOutcome {
  const { pool, account } = attempt;
  return {
    answer,
    provider: pool.info.provider,
    model: pool.info.model,
    accountId: account.id,
    attemptId: result.attemptId,
    attempts: attempt.number,
    simulated: account.managedBy === 'simulation',
    costNanoUsd: result.costNanoUsd,
  };
}
