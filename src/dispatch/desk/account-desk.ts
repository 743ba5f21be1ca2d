import type { Account, AddOptions, Gauge, OperatorState, PoolEvent } from '../../accounts/index.ts';
import type { ChoiceExplanation, ChoiceQuestion } from './explain-choice.ts';
import type { ProbeResult } from './probe-credential.ts';

/** What a person does with accounts. Secrets go in and never come out. */
export interface AccountDesk {
  /** All that the store knows but what was simulated before, those that are not in use included, by id. */
  list(): Promise<Account[]>;
  /** Throws `not_found`. */
  read(accountId: string): Promise<Account>;
  /** The latest events, newest first. */
  events(accountId: string): Promise<PoolEvent[]>;
  /** Every bucket that was used: its limit, what counts against it, what holds it back. */
  gauges(accountId?: string): Gauge[];
  /**
   * Accounts as they are written in headrace.yaml; all are taken or none.
   * @throws HeadraceError `account_invalid` with every problem, at `accounts[n]…` or, alone, within it
   */
  add(written: readonly unknown[], options: AddOptions): Promise<AddedAccounts>;
  /**
   * Changes what is written, as in headrace.yaml; the rest stays.
   * @throws HeadraceError `not_found`, `account_declared`, `account_invalid` with every problem
   */
  change(accountId: string, written: unknown): Promise<ChangedAccount>;
  /** @throws HeadraceError `not_found`, `account_declared` */
  setState(accountId: string, state: OperatorState): Promise<Account>;
  /** @throws HeadraceError `not_found`, `account_declared` */
  remove(accountId: string): Promise<void>;
  /** @throws HeadraceError `not_found`, `account_declared`, `account_invalid` */
  addCredential(accountId: string, credential: WrittenCredential): Promise<Account>;
  rotateCredential(accountId: string, rotation: Rotation): Promise<Account>;
  /** @throws HeadraceError also `conflict` for the last key */
  revokeCredential(accountId: string, credentialId: string): Promise<void>;
  /** Asks the vendor with every key, and acts on what it says. */
  test(accountId: string): Promise<ProbeResult[]>;
  /** @throws HeadraceError `model_unknown`, `no_accounts` */
  explain(question: ChoiceQuestion): Promise<ChoiceExplanation>;
}

export interface AddedAccounts {
  accounts: { id: string; provider: string }[];
  warnings: { where: string; message: string }[];
}

export interface ChangedAccount {
  account: Account;
  warnings: AddedAccounts['warnings'];
}

/** A key as people write it. */
export interface WrittenCredential {
  id: string;
  secret: string;
  kind?: 'call' | 'admin' | undefined;
  project?: string | undefined;
}

export interface Rotation {
  old: string;
  /** It is for what the old one is for. */
  credential: Pick<WrittenCredential, 'id' | 'secret'>;
  overlapMs: number;
}
