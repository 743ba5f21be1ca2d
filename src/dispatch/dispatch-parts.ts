import type { Account, Limiter, WaitingRoom } from '../accounts/index.ts';
import type { Prices } from '../ledger/index.ts';
import type { ChoicePolicy, TimeOuts } from '../platform/config/config.ts';
import type { AccountKeeper } from './account-keeper.ts';
import type { AttemptLedger } from './attempt-ledger.ts';
import type { CredentialRack } from './credential-rack.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import type { Estimates } from './estimates/estimates.ts';
import type { Gates } from './gates/create-gates.ts';
import type { ModelDirectory } from './model-directory.ts';
import type { Transport } from './transport/transport.ts';

/** What one process's dispatch is made of; built once by `createDispatch`. */
export interface DispatchParts extends Pick<DispatchDeps, 'clock' | 'random' | 'log'> {
  ledger: AttemptLedger;
  limiter: Limiter;
  room: WaitingRoom;
  estimates: Estimates;
  gates: Gates;
  prices: Prices;
  rack: CredentialRack;
  keeper: AccountKeeper;
  /** Accounts whose hosts have answered this process at least once, whatever they said. */
  reached: Set<string>;
  /** Accounts to whose hosts no connection could be made → when that was tried last, epoch ms. */
  missedAt: Map<string, number>;
  choice: ChoicePolicy;
  aliases: Readonly<Record<string, string>>;
  /** The models as of the last reading of the accounts. */
  directory: () => ModelDirectory;
  /** Simulated accounts live on this machine, where no other account may point without leave. */
  transportFor(account: Account): Transport;
  timeOutsFor(model: { thinking: boolean }): TimeOuts;
}
