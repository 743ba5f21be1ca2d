import type { Lane } from '../../src/platform/lanes.ts';

/** One row of the table: who asks how much of how many accounts, and what goes wrong meanwhile. */
export interface Scenario {
  name: string;
  accounts: number;
  /** Demand as a multiple of what the accounts can serve. */
  load: number;
  /** `known`: the vendor charges what is known before the call. `predicted`: output counts when it ends. */
  cost: 'known' | 'predicted';
  /** Estimates of input are wrong by up to this share, either way. */
  estimateError: number;
  trouble: 'none' | 'halved' | 'foreign' | 'storm' | 'discovered' | 'killed';
  /** `bursts`: every twenty seconds as much at once as four seconds bring on average. */
  arrivals: 'steady' | 'bursts';
  /** The vendor enforces a sixtieth of its limits in every second as well, and says so. */
  seconds: boolean;
  /** ms that pass before anything is measured, and that are measured. */
  warmUpMs: number;
  measuredMs: number;
  tenants: readonly TenantShare[];
  /** Shares of the demand by lane. */
  lanes: Readonly<Record<Lane, number>>;
  seed: string;
}

export interface TenantShare {
  id: string;
  weight: number;
  /** Part of the demand, relative to the other tenants'. */
  demand: number;
}

/** One call as it is drawn before the scenario begins. */
export interface Call {
  id: number;
  tenant: TenantShare;
  lane: Lane;
  at: number;
  /** Epoch ms by which it must be on its way. */
  admitBy: number;
  input: number;
  output: number;
  estimatedInput: number;
  maxOutput: number;
}

/** What a vendor answered. */
export interface Reply {
  status: 200 | 429 | 529;
  retryAfterMs: number | null;
  firstByteMs: number;
  limit: number;
  remaining: number;
  requestLimit: number;
  sentAt: number;
  /** What the vendor counted; 0 where it refused. */
  input: number;
  output: number;
}

export interface World {
  now(): number;
  setTimer(delayMs: number, fire: () => void): () => void;
  accounts: readonly { id: string; rpm: number; tpm: number }[];
  random(): number;
  /** Sends a call to an account; resolves with the end of the answer. */
  send(account: number, call: Call): Promise<Reply>;
}

/** A way to spread calls over accounts; resolves with whether the call was answered. */
export interface Strategy {
  call(call: Call): Promise<boolean>;
  close(): void;
}

export type CreateStrategy = (world: World, scenario: Scenario) => Promise<Strategy>;

/** What a call takes from a vendor that knows its cost, and what is expected of one that does not. */
export const meanTokens = 3_455;
/** A call waits at most this long for capacity, ms. */
export const patienceMs = 30_000;
