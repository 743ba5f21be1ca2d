import { type Failure, verdicts } from './failure.ts';
import { makeFailure } from './make-failure.ts';

/**
 * A call that got no reply: refused, reset, no such host, or no byte in time. Transient all the same,
 * for its account's model only, since an account may have an address of its own.
 */
export function readNetworkFailure(cause: unknown, secret?: string): Failure {
  const code = codeOf(cause) ?? 'network';
  const message = cause instanceof Error ? cause.message : String(cause);
  const reply = { status: 0, headers: {}, body: '', ...(secret === undefined ? {} : { secret }) };
  return makeFailure(reply, 0, { verdict: verdicts.trouble, evidence: { code, message } });
}

/** Node and undici name the reason in `code`, on the error or on one of its causes. */
function codeOf(cause: unknown): string | null {
  for (let at = cause; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return null;
}
