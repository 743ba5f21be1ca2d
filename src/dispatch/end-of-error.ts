import { isHeadraceError } from '../platform/errors/headrace-error.ts';
import { type Failure, readNetworkFailure } from '../providers/index.ts';
import { CutOff } from './cut-off.ts';
import type { Exchange, ExchangeEnd, ExchangeFacts } from './exchange-end.ts';
import { TransportFailure } from './transport/transport-failure.ts';

/** What a thrown error says about the call: a silent vendor, a broken connection, or a caller who left. */
export function endOfError(
  error: unknown,
  { asked, facts, written }: { asked: Exchange; facts: ExchangeFacts; written: boolean },
): ExchangeEnd {
  // What was cut off before it was written cannot be billed.
  const billed = written ? 'unknown' : 'nothing';
  if (error instanceof CutOff) {
    const failure = { ...readNetworkFailure(error), code: `timeout_${error.phase}` };
    return { kind: 'failed', failure, billed, ...facts, timedOut: true };
  }
  if (error instanceof TransportFailure) {
    const failure = readNetworkFailure(error.cause, asked.secret);
    if (error.sent) return { kind: 'failed', failure, billed: 'unknown', ...facts };
    return { kind: 'failed', failure, billed: 'nothing', unreached: true, ...facts };
  }
  if (isHeadraceError(error) && error.code === 'address_forbidden') {
    return { kind: 'failed', failure: forbidden(error.message), billed: 'nothing', ...facts };
  }
  // The caller aborted, or its own listener threw; the vendor may have produced, and billed, until now.
  return { kind: 'cancelled', reason: error, billed, ...facts };
}

function forbidden(message: string): Failure {
  return {
    kind: 'caller',
    scope: 'request',
    retryable: false,
    retryAfterMs: null,
    dimension: null,
    limit: null,
    until: null,
    provenance: 'stated',
    code: 'address_forbidden',
    message,
  };
}
