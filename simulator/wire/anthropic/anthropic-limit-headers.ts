import type { Gauge } from '../../limits/gate.ts';

const names = { rpm: 'requests', itpm: 'input-tokens', otpm: 'output-tokens' } as const;

/**
 * `anthropic-ratelimit-*-{limit,remaining,reset}`: the reset is when the bucket is full again, what
 * remains of tokens is rounded to thousands, and plain `tokens` shows the most restrictive limit.
 */
export function writeAnthropicLimits(
  gauges: readonly Gauge[],
  now: number,
): Record<string, string> {
  const headers: Record<string, string> = {};
  const write = (name: string, gauge: Gauge) => {
    const remaining =
      name === 'requests' ? gauge.remaining : Math.round(gauge.remaining / 1000) * 1000;
    const prefix = `anthropic-ratelimit-${name}`;
    headers[`${prefix}-limit`] = String(gauge.limit);
    headers[`${prefix}-remaining`] = String(remaining);
    headers[`${prefix}-reset`] = writeInstant(now + gauge.fullAfterMs);
  };
  for (const gauge of gauges) {
    if (gauge.dimension in names) write(names[gauge.dimension as keyof typeof names], gauge);
  }
  const tokens = gauges
    .filter(({ dimension }) => dimension === 'itpm' || dimension === 'otpm')
    .sort((a, b) => a.remaining - b.remaining)[0];
  if (tokens) write('tokens', tokens);
  return headers;
}

/** RFC 3339 in whole seconds, rounded up: an instant too early would invite a refusal. */
function writeInstant(ms: number): string {
  return new Date(Math.ceil(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
