import type { PoolAccount } from './pool.ts';

/** What every gateway of a comparison is given: the same accounts at the same vendors, one Redis. */
export interface Surroundings {
  vendorUrl: string;
  accounts: readonly (PoolAccount & { base_url: string })[];
  redisUrl: string;
  /** Gone when the setting ends. */
  folder: string;
}

/** One way to spread calls over the accounts, running. */
export interface Contender {
  /** Base addresses that end in `/v1`; calls go to each in turn. */
  targets: readonly { url: string; key: string; model: string }[];
  pids: readonly number[];
  close(): Promise<void>;
}

export type OpenContender = (surroundings: Surroundings) => Promise<Contender>;
