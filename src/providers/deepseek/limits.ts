import type { VendorLimits } from '../vendor.ts';

export const limits: VendorLimits = {
  rules: {
    // "regardless of which API key": calls at once per account, from sending to completion.
    enforced: ['concurrency'],
    perSecondShares: false,
    ramp: null,
    dayZone: 'UTC',
    scope: 'account_model',
    entitlementRequired: false,
  },
  // No rate-limit headers are sent.
  readLimits: () => [],
  // Tokens and requests are counted for operators who set limits of their own.
  charge: (size) => ({
    rpm: 1,
    rpd: 1,
    tpm: size.estimatedInput + size.predictedOutput,
    itpm: size.estimatedInput,
    otpm: size.predictedOutput,
    concurrency: 1,
  }),
  settle: (charged, usage) => ({
    ...charged,
    tpm: usage.input + usage.output,
    itpm: usage.input,
    otpm: usage.output,
  }),
};
