import type { AdminRights, LimitDimension, LimitRule } from '../platform/config/config.ts';

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

/** What a refusal of the vendor's holds back: the account, a class of its models, or one dimension of it. */
export interface AccountPause {
  /** `null`: every model of the account. */
  modelClass: string | null;
  /** `null`: every call. */
  dimension: LimitDimension | null;
  state: 'cooling' | 'exhausted' | 'quarantined';
  /** `billing` is a quota that comes back only when somebody pays. */
  kind: 'rate_limited' | 'quota_exhausted' | 'billing' | 'credential';
  message: string;
  /** Stated by the vendor: honoured to the millisecond. Guessed: tried early, and ended by a success. */
  provenance: 'stated' | 'guessed';
  /** Refusals in a row: a guess grows with them. */
  times: number;
  /** Epoch ms. */
  since: number;
  until: number;
}

/** One key of an account; never the key itself. */
export interface CredentialListing {
  id: string;
  /** A truncated HMAC: equal for equal keys, tells nothing else. */
  fingerprint: string;
  /** Epoch ms. */
  addedAt: number;
  /** Epoch ms at which a rotated key is revoked; `null` for one that stays. */
  retiresAt: number | null;
  /** Its vendor refuses it since (epoch ms); it is asked again at `probeAt`. */
  refusedAt: number | null;
  probeAt: number | null;
}

export interface AdminCredentialListing extends CredentialListing, AdminRights {}

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
  /** As `AccountConfig` says. */
  weight: number;
  priceFactor: number;
  state: AccountState;
  stateReason: StateReason | null;
  /** Epoch ms; `null`: until something changes it. */
  stateUntil: number | null;
  /** What holds it back now; ended ones are left out, but for guesses that wait for their trial. */
  pauses: AccountPause[];
  /** Those that calls use. */
  credentials: CredentialListing[];
  /** Of its organisation's administrators: they ask for limits and never call. */
  adminCredentials: AdminCredentialListing[];
}
