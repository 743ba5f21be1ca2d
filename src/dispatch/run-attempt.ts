import { worstCase } from '../ledger/index.ts';
import { createId } from '../platform/ids.ts';
import { errorFields } from '../platform/log.ts';
import type { StreamEvent } from '../protocol/index.ts';
import type { Attempt, AttemptResult } from './attempt.ts';
import { describeOthers } from './describe-others.ts';
import type { Answering } from './dispatch.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import { exchange } from './exchange.ts';
import { isRevoked } from './leave-revoked.ts';
import { observeHeaders } from './observe-headers.ts';
import type { NewAttempt } from './open-attempts.ts';
import { settleAttempt } from './settle-attempt.ts';

/** Writes the attempt, sends the call, settles limits and ledger, on every way out. */
export async function runAttempt(parts: DispatchParts, attempt: Attempt): Promise<AttemptResult> {
  const { account, grant, order, pool } = attempt;
  const credentialId = parts.rack.choose(account);
  const record = describeAttempt(parts, attempt, credentialId ?? '');
  let secret: string;
  try {
    // The key first: an attempt that could not have been sent must not stand on the ledger.
    secret = credentialId === null ? '' : await parts.rack.lend(account, credentialId);
    if ((await parts.ledger.open(record)) === 'held') {
      await parts.limiter.settle(grant.reservationId, { outcome: 'unsent' });
      return { kind: 'held' };
    }
  } catch (error) {
    await parts.limiter.settle(grant.reservationId, { outcome: 'unsent' });
    if (credentialId !== null && isRevoked(error)) return { kind: 'revoked', credentialId, error };
    throw error;
  }
  await parts.limiter.sent(grant.reservationId);
  const request = { ...order.request, model: pool.info.model };
  const stream = order.onEvent !== undefined || order.streamed === true;
  const end = await exchange(
    { clock: parts.clock, transport: parts.transportFor(account) },
    {
      provider: pool.provider,
      call: pool.provider.buildCall(request, { stream, secret, baseUrl: account.baseUrl }),
      secret,
      timeOuts: parts.timeOutsFor(pool.known),
      deadlineAt: order.deadlineAt,
      signal: order.signal,
      takesReasoning: order.takesReasoning === true,
      onEvent: announceFirst(attempt, record.id),
      onSent: restamp(parts, attempt),
      onHeaders: observeHeaders(parts, attempt),
    },
  );
  const costNanoUsd = await settleAttempt(parts, attempt, { record, end });
  return { kind: 'ended', end, attemptId: record.id, costNanoUsd };
}

/** Later than this, ms, the vendor sees the call later than the limiter was told. */
const noticedMs = 20;

/** A new connection, or a process that stalled, came between the limiter's word and the wire. */
function restamp({ clock, limiter, log }: DispatchParts, { grant, account }: Attempt): () => void {
  const toldAt = clock.now();
  return () => {
    if (clock.now() - toldAt < noticedMs) return;
    limiter.sent(grant.reservationId).catch((error: unknown) => {
      log.warn('limiter.not_told', { account: account.id, ...errorFields(error) });
    });
  };
}

function describeAttempt(parts: DispatchParts, attempt: Attempt, credentialId: string): NewAttempt {
  const { order, pool, size, account, grant } = attempt;
  return {
    id: createId('att'),
    owner: order.owner,
    tenantId: order.tenantId,
    number: attempt.number,
    provider: pool.info.provider,
    model: pool.info.model,
    accountId: account.id,
    credentialId,
    simulated: account.managedBy === 'simulation',
    reservedInputTokens: size.inputBytes,
    reservedOutputTokens: size.maxOutput,
    reservedNanoUsd: worstCase(parts.prices, {
      model: pool.info.id,
      at: parts.clock.now(),
      factor: account.priceFactor,
      inputBytes: size.inputBytes,
      maxOutputTokens: size.maxOutput,
    }),
    headroom: Math.round(grant.headroom * 1000) / 1000,
    waitedMs: Math.round(attempt.waitedMs),
    others: () => describeOthers(parts.limiter, attempt),
  };
}

/** Says whose stream it is before its first event, and only once per call. */
function announceFirst({ order, pool, account, number }: Attempt, attemptId: string) {
  const { onEvent, onAnswering } = order;
  if (!onEvent || !onAnswering) return onEvent;
  let announced = false;
  return async (event: StreamEvent) => {
    if (!announced) {
      announced = true;
      const answering: Answering = {
        provider: pool.info.provider,
        model: pool.info.model,
        accountId: account.id,
        attemptId,
        attempts: number,
        simulated: account.managedBy === 'simulation',
      };
      onAnswering(answering);
    }
    await onEvent(event);
  };
}
