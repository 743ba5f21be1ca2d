import { type Failure, type Verdict, verdicts } from './failure.ts';
import type { WireReply } from './provider.ts';
import { readRetryAfter } from './reply-headers.ts';
import { sanitiseMessage } from './sanitise-message.ts';

/** What a vendor's file adds to the verdict. */
export interface Evidence extends Partial<Omit<Failure, keyof Verdict | 'code' | 'message'>> {
  code: string | null;
  message: string;
}

/** A failure with the wait of the reply's headers and a message that may be shown. */
export function makeFailure(
  reply: WireReply,
  nowMs: number,
  found: { verdict: Verdict; evidence: Evidence },
): Failure {
  const { verdict, evidence } = found;
  const until = evidence.until ?? null;
  const stated = evidence.retryAfterMs ?? readRetryAfter(reply.headers, nowMs);
  const code = evidence.code ?? `http_${reply.status}`;
  return {
    ...verdict,
    retryAfterMs: until === null ? stated : Math.max(0, until - nowMs, stated ?? 0),
    dimension: evidence.dimension ?? null,
    limit: evidence.limit ?? null,
    ...(evidence.steep ? { steep: true as const } : {}),
    until,
    provenance: evidence.provenance ?? (evidence.code === null ? 'guessed' : 'stated'),
    code: sanitiseMessage(code, reply.secret),
    message:
      sanitiseMessage(evidence.message, reply.secret) ||
      `The provider answered with status ${reply.status}.`,
  };
}

/** What a status alone says, where the body says nothing. */
export function verdictOfStatus(status: number): Verdict {
  const exact = byStatus[status];
  if (exact !== undefined) return exact;
  if (status >= 500) return verdicts.trouble;
  return status >= 400 ? verdicts.badRequest : verdicts.unknown;
}

const byStatus: Readonly<Record<number, Verdict>> = {
  401: verdicts.badCredential,
  402: verdicts.billing,
  403: verdicts.badCredential,
  404: verdicts.noModel,
  408: verdicts.trouble,
  409: verdicts.trouble,
  425: verdicts.trouble,
  429: verdicts.rateLimited,
  503: verdicts.overloaded,
  529: verdicts.overloaded,
};

/** The body as JSON, or `undefined` where it is none (a proxy's HTML page, an empty body). */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
