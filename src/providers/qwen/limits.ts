import type { VendorLimits } from '../vendor.ts';

export const limits: VendorLimits = {
  rules: {
    enforced: ['rpm', 'tpm'],
    // RPS = RPM/60 and TPS = TPM/60 are enforced beside the minute.
    perSecondShares: true,
    // A growth limit exists (`limit_burst_rate`); its slope is not published.
    ramp: null,
    dayZone: 'UTC',
    scope: 'account_model',
    entitlementRequired: false,
  },
  // No rate-limit headers are documented.
  readLimits: () => [],
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
