import type { Settlement } from '../accounts/index.ts';
import { priceCall } from '../ledger/index.ts';
import { sleep } from '../platform/clock.ts';
import { errorFields } from '../platform/log.ts';
import type { Usage } from '../protocol/index.ts';
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
  const { limiter, keeper } = parts;
  const { account, candidate, grant } = attempt;
  if (end.headers) {
    const now = parts.clock.now();
    const stated = attempt.pool.provider.readLimits(end.headers, now);
    // A window turns while an answer is written: what remained before it would count as used again.
    const fresh = now - end.sentAt <= freshForMs;
    const seen = fresh ? stated : stated.map((each) => ({ ...each, remaining: null }));
    if (seen.length > 0) await limiter.correct({ ...candidate, sentAt: end.sentAt, seen });
  }
  const seat = { account, candidate, credentialId: record.credentialId };
  const held = end.kind === 'failed' ? await keeper.holdBack(seat, end.failure) : null;
  await limiter.settle(grant.reservationId, settlementOf(attempt, end));
  if (end.kind === 'answered') learnFrom(parts, attempt, end.answer.usage);
  if (held) await keeper.record(account, held);
  if (end.kind === 'answered') await keeper.takeBack(account);
  return await closePersistently(parts, {
    id: record.id,
    owner: record.owner,
    outcome: outcomeOf(end),
    failure: end.kind === 'failed' ? end.failure : null,
    billing: billingOf(parts, attempt, end),
    firstTokenMs: end.firstTokenMs,
  });
}

/** As long after sending a call what its answer's head said to remain is compared with our count, ms. */
const freshForMs = 1000;

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
  if (nothing) return { outcome: 'used', actual: { ...charge, otpm: 0 }, succeeded, ...seen };
  return { outcome: 'unknown', succeeded, ...seen };
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
    return {
      by: 'usage',
      usage,
      nanoUsd: priceCall(parts.prices, { model, at: end.sentAt, usage }),
    };
  }
  return { by: end.kind !== 'answered' && end.billed === 'nothing' ? 'nothing' : 'reserved' };
}

function outcomeOf(end: ExchangeEnd): AttemptEnd['outcome'] {
  if (end.kind === 'answered') return 'succeeded';
  return end.kind === 'cancelled' ? 'cancelled' : 'failed';
}
