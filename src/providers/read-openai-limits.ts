import { parseDuration } from './duration.ts';
import type { LimitDimension, ObservedLimit } from './limit.ts';
import type { WireHeaders } from './provider.ts';
import { readHeader, readNumberHeader } from './reply-headers.ts';

/**
 * `x-ratelimit-{limit,remaining,reset}-{requests,tokens,project-tokens}`, as OpenAI and many
 * compatible hosts send them; a reset is the duration until the bucket is full again.
 */
export function readOpenaiLimits(headers: WireHeaders, nowMs: number): ObservedLimit[] {
  const requests = readOne('requests', 'rpm', { headers, nowMs });
  const tokens = tightest(
    readOne('tokens', 'tpm', { headers, nowMs }),
    readOne('project-tokens', 'tpm', { headers, nowMs }),
  );
  return [requests, tokens].filter((limit) => limit !== null).map((limit) => asDay(limit, nowMs));
}

function readOne(
  name: string,
  dimension: LimitDimension,
  { headers, nowMs }: { headers: WireHeaders; nowMs: number },
): ObservedLimit | null {
  const limit = readNumberHeader(headers, `x-ratelimit-limit-${name}`);
  const remaining = readNumberHeader(headers, `x-ratelimit-remaining-${name}`);
  if (limit === null && remaining === null) return null;
  const reset = parseDuration(readHeader(headers, `x-ratelimit-reset-${name}`) ?? '');
  return { dimension, limit, remaining, resetAtMs: reset === null ? null : nowMs + reset };
}

/** A project's own limit binds where it leaves less than the organisation's. */
function tightest(one: ObservedLimit | null, other: ObservedLimit | null): ObservedLimit | null {
  if (one === null || other === null) return one ?? other;
  return (other.remaining ?? Infinity) < (one.remaining ?? Infinity) ? other : one;
}

/** Requests per minute refill within one; a longer reset belongs to the day's limit, sent under the same name. */
function asDay(limit: ObservedLimit, nowMs: number): ObservedLimit {
  const perDay = limit.dimension === 'rpm' && (limit.resetAtMs ?? nowMs) - nowMs > 60_000;
  return perDay ? { ...limit, dimension: 'rpd' } : limit;
}
