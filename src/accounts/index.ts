export type { Account, AccountState, StateReason } from './account.ts';
export { changeState, type StateChange } from './change-state.ts';
export { createEmbeddedLimiter } from './embedded/create-embedded-limiter.ts';
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
  Settlement,
} from './limiter.ts';
export { loadAccounts } from './load-accounts.ts';
export { isModelName, matchesModel } from './match-model.ts';
export { classOf } from './model-class.ts';
export { openCredential } from './open-credential.ts';
export { startLimiter } from './start-limiter.ts';
export { type AccountSpec, syncAccounts } from './sync-accounts.ts';
export { createVault, type SecretOwner, type Vault } from './vault.ts';
export { type Grant, tokensOf } from './waiting/waiter.ts';
export { createWaitingRoom, type WaitingRoom } from './waiting/waiting-room.ts';
