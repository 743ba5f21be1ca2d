import { readOpenaiLimits } from '../read-openai-limits.ts';
import type { VendorLimits } from '../vendor.ts';

export const limits: VendorLimits = {
  rules: {
    // Whatever the operator configures; the host itself is only known to have an end.
    enforced: [],
    perSecondShares: false,
    ramp: null,
    dayZone: 'UTC',
    // One machine serves all its models.
    scope: 'account',
    entitlementRequired: false,
  },
  readLimits: readOpenaiLimits,
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
