import { readOpenaiLimits } from '../read-openai-limits.ts';
import type { VendorLimits } from '../vendor.ts';

export const limits: VendorLimits = {
  rules: {
    enforced: ['rpm', 'rpd', 'tpm'],
    perSecondShares: false,
    // "beyond 1M input TPM, at most +50 % per 15 minutes" (OpenAI, rate limits guide).
    ramp: { above: 1_000_000, growth: 1.5, perMs: 900_000 },
    dayZone: 'UTC',
    scope: 'account_model',
    // Services Agreement §3.3: no circumventing of rate limits.
    entitlementRequired: true,
  },
  readLimits: readOpenaiLimits,
  // "the maximum of max_tokens and the estimated number of tokens based on the character count"
  // (OpenAI, rate limits guide): the cap is a reservation that the call does not give back.
  charge: (size) => ({
    rpm: 1,
    rpd: 1,
    tpm: Math.max(size.maxOutput, Math.ceil(size.inputCharacters / 4)),
    itpm: size.estimatedInput,
    otpm: size.predictedOutput,
    concurrency: 1,
  }),
  settle: (charged, usage) => ({ ...charged, itpm: usage.input, otpm: usage.output }),
};
