import type { SimulatedAccount } from '../../../simulator/accounts.ts';

export const model = 'gpt-5.6-luna';
/** Output cap of every call: OpenAI takes all of it from the account's tokens, so the cost is known before. */
export const tokensPerCall = 256;

/** Requests and tokens per minute: 50× between the smallest and the largest, bound by one or the other. */
const sizes: readonly (readonly [rpm: number, tpm: number])[] = [
  [10, 100_000],
  [40, 20_000],
  [60, 10_240],
  [100, 23_040],
  [150, 200_000],
  [250, 57_600],
  [500, 300_000],
];

export type PoolAccount = Omit<SimulatedAccount, 'base_url'>;

/** Accounts of one vendor, each with its own organisation's limits. */
export const poolAccounts: readonly PoolAccount[] = sizes.map(([rpm, tpm], index) => ({
  id: `openai-${index + 1}`,
  provider: 'openai',
  secret: `sk-proj-sim-limits-${index + 1}`,
  models: [model],
  limits: [{ models: ['*'], rpm, rpd: null, tpm, itpm: null, otpm: null, concurrency: null }],
}));

/**
 * Calls per minute that the whole pool can serve. All calls cost the same, so the linear programme falls
 * apart into its accounts: each serves what its tighter dimension lets through.
 */
export const boundPerMinute = sizes.reduce(
  (sum, [rpm, tpm]) => sum + Math.min(rpm, Math.floor(tpm / tokensPerCall)),
  0,
);
