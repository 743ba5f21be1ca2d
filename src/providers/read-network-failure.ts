import { type Failure, verdicts } from './failure.ts';
import { makeFailure } from './make-failure.ts';

/**
 * A call that got no reply: refused, reset, no such host, or no byte in time. Transient all the same,
 * for its account's model only, since an account may have an address of its own.
 */
export function readNetworkFailure(cause: unknown, secret?: string): Failure {
  const code = codeOf(cause) ?? 'network';
  const raw = cause instanceof Error ? cause.message : String(cause);
  const plain = plainWords.get(code);
  const message = plain ? `${plain} (${raw})` : raw;
  const reply = { status: 0, headers: {}, body: '', ...(secret === undefined ? {} : { secret }) };
  return makeFailure(reply, 0, { verdict: verdicts.trouble, evidence: { code, message } });
}

/** What a person can do something with; what Node or undici said stands behind it. */
const plainWords: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'Nothing listens at the provider’s address.'],
  ['ECONNRESET', 'The provider closed the connection before its answer was complete.'],
  ['UND_ERR_SOCKET', 'The provider closed the connection before its answer was complete.'],
  ['ENOTFOUND', 'The provider’s host name was not found.'],
  ['EAI_AGAIN', 'The provider’s host name could not be looked up.'],
  ['ETIMEDOUT', 'The provider could not be reached in time.'],
  ['UND_ERR_CONNECT_TIMEOUT', 'The provider could not be reached in time.'],
  ['EHOSTUNREACH', 'There is no way to the provider’s host.'],
  ['ENETUNREACH', 'There is no way to the provider’s network.'],
]);

/** Node and undici name the reason in `code`, on the error or on one of its causes. */
function codeOf(cause: unknown): string | null {
  for (let at = cause; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return null;
}
