import { errorFields } from '../platform/log.ts';
import type { WireHeaders } from '../providers/index.ts';
import type { Attempt } from './attempt.ts';
import type { DispatchParts } from './dispatch-parts.ts';

/** Tells the limiter what the headers of an answer state, when they come: an answer may last for minutes. */
export function observeHeaders(parts: DispatchParts, { pool, candidate, account }: Attempt) {
  const { clock, limiter, log } = parts;
  return (headers: WireHeaders, sentAt: number): void => {
    const seenAt = clock.now();
    const seen = pool.provider.readLimits(headers, seenAt);
    if (seen.length === 0) return;
    limiter.correct({ ...candidate, sentAt, seenAt, seen }).catch((error: unknown) => {
      log.warn('limiter.not_corrected', { account: account.id, ...errorFields(error) });
    });
  };
}
