import type { LimitDimension, ObservedLimit } from '../limit.ts';
import type { WireHeaders } from '../provider.ts';
import { readHeader, readNumberHeader } from '../reply-headers.ts';
import type { VendorLimits } from '../vendor.ts';

/** Plain `tokens` repeats the tightest of the others, so it is not read. */
const headerNames: readonly [string, LimitDimension][] = [
  ['requests', 'rpm'],
  ['input-tokens', 'itpm'],
  ['output-tokens', 'otpm'],
];

export const limits: VendorLimits = {
  rules: {
    enforced: ['rpm', 'itpm', 'otpm'],
    // "60 RPM might be enforced as 1 request per second" (Anthropic, rate limits).
    perSecondShares: true,
    ramp: null,
    dayZone: 'UTC',
    scope: 'account_model',
    entitlementRequired: false,
  },
  readLimits,
  // Input is estimated at the start and corrected; output counts as it is made, whatever the cap;
  // cache reads are free (Anthropic, rate limits).
  charge: (size) => {
    const itpm = Math.max(0, size.estimatedInput - size.estimatedCachedInput);
    const otpm = size.predictedOutput;
    return { rpm: 1, rpd: 1, tpm: itpm + otpm, itpm, otpm, concurrency: 1 };
  },
  settle: (charged, usage) => {
    const itpm = Math.max(0, usage.input - usage.cachedInput);
    return { ...charged, tpm: itpm + usage.output, itpm, otpm: usage.output };
  },
};

function readLimits(headers: WireHeaders): ObservedLimit[] {
  return headerNames.flatMap(([name, dimension]) => {
    const limit = readNumberHeader(headers, `anthropic-ratelimit-${name}-limit`);
    const remaining = readNumberHeader(headers, `anthropic-ratelimit-${name}-remaining`);
    if (limit === null && remaining === null) return [];
    // RFC 3339: when the bucket is full again, not when the next call fits.
    const reset = Date.parse(readHeader(headers, `anthropic-ratelimit-${name}-reset`) ?? '');
    return [{ dimension, limit, remaining, resetAtMs: Number.isNaN(reset) ? null : reset }];
  });
}
