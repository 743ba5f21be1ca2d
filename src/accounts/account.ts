import type { LimitRule } from '../platform/config/config.ts';

export type AccountState =
  | 'active'
  | 'cooling'
  | 'exhausted'
  | 'quarantined'
  | 'draining'
  | 'disabled';

export type ManagedBy = 'file' | 'environment' | 'simulation' | 'api';

/** Why an account is not `active`; a vendor's word is honoured to the second, a guess is probed. */
export interface StateReason {
  /** A failure kind, `removed`, or an operator's word. */
  kind: string;
  message: string;
  provenance: 'stated' | 'guessed' | 'operator';
  /** Epoch ms. */
  since: number;
}

/** One quota domain at a provider. Holds no secret: credentials are named by id and fingerprint only. */
export interface Account {
  id: string;
  provider: string;
  managedBy: ManagedBy;
  ownerEmail: string | null;
  entitlement: string | null;
  baseUrl: string | null;
  /** Glob patterns; empty serves every model of the provider. */
  models: string[];
  limits: LimitRule[];
  state: AccountState;
  stateReason: StateReason | null;
  /** Epoch ms; `null`: until something changes it. */
  stateUntil: number | null;
  credentials: { id: string; fingerprint: string }[];
}
