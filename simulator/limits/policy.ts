import type { ProviderName } from '../models.ts';
import type { WindowKind } from './meter.ts';

export const dimensions = ['rpm', 'rpd', 'tpm', 'itpm', 'otpm', 'concurrency'] as const;
export type Dimension = (typeof dimensions)[number];
export type Amounts = Partial<Record<Dimension, number>>;

/** What the vendor knows of a call before it runs. */
export interface CallSize {
  inputTokens: number;
  inputCharacters: number;
  /** The output cap that the client sent; 0 where it sent none. */
  maxTokens: number;
}

export interface CallUsage {
  input: number;
  output: number;
}

/** How one vendor counts (table 2 of the reference on limits). */
export interface LimitPolicy {
  window: WindowKind;
  /** A limit covers each of its models for itself, or all of them together (Anthropic's model classes). */
  bucketPer: 'model' | 'rule';
  /** Requests that fail validation count. */
  failuresCount: boolean;
  /** A sixtieth of rpm and tpm is enforced per second as well. */
  perSecondShares: boolean;
  /** The day's limit ends at midnight in Los Angeles; else it refills over 24 hours. */
  pacificDay: boolean;
  charge(size: CallSize): Amounts;
  /** What is taken in addition when the answer is complete. */
  settle(usage: CallUsage): Amounts;
}

const kindly = { failuresCount: false, perSecondShares: false, pacificDay: false } as const;

export const limitPolicies: Record<ProviderName, LimitPolicy> = {
  openai: {
    ...kindly,
    window: 'bucket',
    bucketPer: 'model',
    failuresCount: true,
    charge: (size) => ({
      rpm: 1,
      rpd: 1,
      tpm: Math.max(size.maxTokens, Math.ceil(size.inputCharacters / 4)),
    }),
    settle: () => ({}),
  },
  anthropic: {
    ...kindly,
    window: 'bucket',
    bucketPer: 'rule',
    charge: (size) => ({ rpm: 1, itpm: size.inputTokens, otpm: 0 }),
    settle: (usage) => ({ otpm: usage.output }),
  },
  gemini: {
    ...kindly,
    window: 'sliding',
    bucketPer: 'model',
    failuresCount: true,
    pacificDay: true,
    charge: (size) => ({ rpm: 1, rpd: 1, itpm: size.inputTokens }),
    settle: () => ({}),
  },
  deepseek: {
    ...kindly,
    window: 'sliding',
    bucketPer: 'rule',
    charge: () => ({ concurrency: 1 }),
    settle: () => ({}),
  },
  qwen: {
    ...kindly,
    window: 'sliding',
    bucketPer: 'model',
    perSecondShares: true,
    charge: (size) => ({ rpm: 1, tpm: size.inputTokens }),
    settle: (usage) => ({ tpm: usage.output }),
  },
};
