import type { Gauge } from '../../limits/gate.ts';
import { writeDuration } from './write-duration.ts';

/** `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`; requests are those of the minute. */
export function writeOpenaiLimits(gauges: readonly Gauge[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [dimension, name] of [
    ['rpm', 'requests'],
    ['tpm', 'tokens'],
  ] as const) {
    const gauge = gauges.find((candidate) => candidate.dimension === dimension);
    if (!gauge) continue;
    headers[`x-ratelimit-limit-${name}`] = String(gauge.limit);
    headers[`x-ratelimit-remaining-${name}`] = String(gauge.remaining);
    headers[`x-ratelimit-reset-${name}`] = writeDuration(gauge.fullAfterMs);
  }
  return headers;
}
