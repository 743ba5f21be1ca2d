export type {
  Account,
  AccountPause,
  AccountState,
  CredentialListing,
  StateReason,
} from './account.ts';
export { createEmbeddedLimiter } from './embedded/create-embedded-limiter.ts';
export { type ForeignUse, foreignShare, foreignUseBounds, worstForeignUse } from './foreign-use.ts';
export { createGatedLimiter } from './gated-limiter.ts';
export type {
  Candidate,
  Cost,
  Gauge,
  LimitedAccount,
  Limiter,
  LimitPolicy,
  Observation,
  Pause,
  Peek,
  SeatView,
  Settlement,
} from './limiter.ts';
export { listAdded } from './list-added.ts';
export { loadAccounts } from './load-accounts.ts';
export { isModelName, matchesModel } from './match-model.ts';
export { classOf, modelsOf } from './model-class.ts';
export { openCredential } from './open-credential.ts';
export type { PoolGate } from './pool-gate.ts';
export { acceptCredential } from './registry/accept-credential.ts';
export { type AddOptions, addAccounts, type RegistryDeps } from './registry/add-accounts.ts';
export { addCredential } from './registry/add-credential.ts';
export { type AccountTerms, changeAccount, type PlannedTerms } from './registry/change-account.ts';
export { claimProbes } from './registry/claim-probes.ts';
export { holdAccount } from './registry/hold-account.ts';
export type { NewCredential } from './registry/join-credential.ts';
export { prolongQuarantine } from './registry/prolong-quarantine.ts';
export { type PoolEvent, readPoolEvents } from './registry/read-pool-events.ts';
export { readForeignUse, recordForeignUse } from './registry/record-foreign-use.ts';
export { recordPoolEvent } from './registry/record-pool-event.ts';
export { refuseCredential } from './registry/refuse-credential.ts';
export { releaseAccount } from './registry/release-account.ts';
export { removeAccount } from './registry/remove-account.ts';
export { retireCredentials } from './registry/retire-credentials.ts';
export { revokeCredential } from './registry/revoke-credential.ts';
export { rotateCredential } from './registry/rotate-credential.ts';
export { type OperatorState, setAccountState } from './registry/set-account-state.ts';
export { startLimiter } from './start-limiter.ts';
export { type AccountSpec, syncAccounts } from './sync-accounts.ts';
export { createVault, type SecretOwner, type Vault } from './vault.ts';
export { type Grant, tokensOf } from './waiting/waiter.ts';
export { createWaitingRoom, type WaitingRoom } from './waiting/waiting-room.ts';
