import type { VendorLimits } from '../vendor.ts';

export const limits: VendorLimits = {
  rules: {
    enforced: ['rpm', 'rpd', 'itpm', 'tpm'],
    perSecondShares: false,
    ramp: null,
    dayZone: 'America/Los_Angeles',
    scope: 'account_model',
    // Google Cloud terms §3.3: no several accounts or projects to get round quotas.
    entitlementRequired: true,
  },
  // No rate-limit headers are documented; limits are learnt from 429 bodies.
  readLimits: () => [],
  // Gemini's "TPM" is input only, so `tpm` and `itpm` are the same here.
  charge: (size) => ({
    rpm: 1,
    rpd: 1,
    tpm: size.estimatedInput,
    itpm: size.estimatedInput,
    otpm: size.predictedOutput,
    concurrency: 1,
  }),
  settle: (charged, usage) => ({
    ...charged,
    tpm: usage.input,
    itpm: usage.input,
    otpm: usage.output,
  }),
};
