import type { Settlement } from '../accounts/index.ts';
import { priceCall } from '../ledger/index.ts';
import { sleep } from '../platform/clock.ts';
import { errorFields } from '../platform/log.ts';
import type { Usage } from '../protocol/index.ts';
import type { Failure } from '../providers/index.ts';
import type { Attempt } from './attempt.ts';
import type { AttemptEnd } from './close-attempts.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import type { ExchangeEnd } from './exchange-end.ts';
import type { NewAttempt } from './open-attempts.ts';

/**
 * Limits first, for others wait for them, then the ledger. What the failure holds back is paused before
 * the call gives its place free, or the next call would be sent into the same refusal.
 * Answers what the call cost, in nano-USD.
 */
export async function settleAttempt(
  parts: DispatchParts,
  attempt: Attempt,
  { record, end }: { record: NewAttempt; end: ExchangeEnd },
): Promise<number | null> {
  const { limiter, keeper, gates } = parts;
  const { account, candidate, grant } = attempt;
  const { credentialId } = record;
  const seat = { account, candidate, credentialId, sentAt: end.sentAt };
  const held = end.kind === 'failed' ? await keeper.holdBack(seat, end.failure) : null;
  gates.record(attempt.pool.info.id, end);
  await limiter.settle(grant.reservationId, settlementOf(attempt, end));
  if (end.kind === 'answered') learnFrom(parts, attempt, end.answer.usage);
  if (held) await keeper.record(held);
  if (end.kind === 'answered') await keeper.takeBack(account, candidate, end.sentAt);
  return await closePersistently(parts, {
    id: record.id,
    owner: record.owner,
    outcome: outcomeOf(end),
    failure: end.kind === 'failed' ? end.failure : null,
    billing: billingOf(parts, attempt, end),
    firstTokenMs: end.firstTokenMs,
    ...(end.kind === 'answered' && attempt.order.keepAs !== undefined
      ? { kept: { name: attempt.order.keepAs, answer: end.answer } }
      : {}),
  });
}

function learnFrom({ estimates }: DispatchParts, attempt: Attempt, usage: Usage | null): void {
  if (usage === null) return;
  const { order, pool, measured } = attempt;
  estimates.learn({ tenantId: order.tenantId, model: pool.info.id, size: measured }, usage);
}

/** Pauses between tries to write a settlement, ms; after them the sweeper closes the attempt as unknown. */
const persistence = [100, 400, 1600];

async function closePersistently(
  { ledger, clock, log }: DispatchParts,
  record: AttemptEnd,
): Promise<number | null> {
  for (const pause of [...persistence, null]) {
    try {
      return await ledger.close(record);
    } catch (error) {
      log.warn('attempt.not_settled', { attempt_id: record.id, ...errorFields(error) });
      if (pause !== null) await sleep(clock, pause);
    }
  }
  // An answer that came is not thrown away because its cost could not be written down.
  return record.billing.by === 'usage' ? record.billing.nanoUsd : null;
}

function settlementOf({ pool, charge }: Attempt, end: ExchangeEnd): Settlement {
  const seen = end.firstByteMs === null ? {} : { firstByteMs: end.firstByteMs };
  const usage = usageOf(end);
  const succeeded = end.kind === 'answered' || (end.kind === 'failed' && blamesCaller(end));
  if (usage)
    return { outcome: 'used', actual: pool.provider.settle(charge, usage), succeeded, ...seen };
  const nothing = end.kind !== 'answered' && end.billed === 'nothing';
  // No header came and nothing was billed: the call never reached the vendor.
  if (nothing && end.headers === null) return { outcome: 'unsent' };
  // A refused request counts as one, and for what it brought; it produced nothing.
  if (nothing) {
    const refused = end.kind === 'failed' ? refusedFor(end.failure) : {};
    return { outcome: 'used', actual: { ...charge, otpm: 0 }, succeeded, ...refused, ...seen };
  }
  return { outcome: 'unknown', succeeded, ...seen };
}

/** What limit a refusal teaches; none where it was for how steeply use grew, or for this call's size. */
function refusedFor(failure: Failure): Pick<Settlement, 'refused'> {
  const { kind, scope, dimension, limit, steep } = failure;
  const isLimit = kind === 'rate_limited' || (kind === 'quota_exhausted' && dimension !== null);
  return isLimit && !steep && scope !== 'request' ? { refused: { dimension, limit } } : {};
}

/** The account works: it is the request that the vendor would not take. */
function blamesCaller(end: Extract<ExchangeEnd, { kind: 'failed' }>): boolean {
  return end.failure.kind === 'caller' || end.failure.kind === 'content';
}

function usageOf(end: ExchangeEnd): Usage | null {
  if (end.kind === 'answered') return end.answer.usage;
  return end.kind === 'failed' && typeof end.billed === 'object' ? end.billed : null;
}

function billingOf(
  parts: DispatchParts,
  attempt: Attempt,
  end: ExchangeEnd,
): AttemptEnd['billing'] {
  const usage = usageOf(end);
  if (usage) {
    const { id: model } = attempt.pool.info;
    const { priceFactor: factor } = attempt.account;
    return {
      by: 'usage',
      usage,
      nanoUsd: priceCall(parts.prices, { model, at: end.sentAt, usage, factor }),
    };
  }
  return { by: end.kind !== 'answered' && end.billed === 'nothing' ? 'nothing' : 'reserved' };
}

function outcomeOf(end: ExchangeEnd): AttemptEnd['outcome'] {
  if (end.kind === 'answered') return 'succeeded';
  return end.kind === 'cancelled' ? 'cancelled' : 'failed';
}
