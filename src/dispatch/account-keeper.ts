import {
  type Account,
  type AccountPause,
  type Candidate,
  holdAccount,
  type Limiter,
  refuseCredential,
  releaseAccount,
} from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { errorFields, type Log } from '../platform/log.ts';
import type { Store } from '../platform/store/store.ts';
import type { Failure } from '../providers/index.ts';
import type { CredentialRack } from './credential-rack.ts';
import { createHeldPauses } from './held-pauses.ts';
import { limiterPause, pauseFor } from './pause-for.ts';
import { createRefusals } from './refusals.ts';
import { restorePauses } from './restore-pauses.ts';

export interface KeeperDeps {
  store: Store;
  clock: Clock;
  log: Log;
  limiter: Limiter;
  rack: CredentialRack;
}

export interface UsedSeat {
  account: Account;
  candidate: Candidate;
  credentialId: string;
  /** Epoch ms. */
  sentAt: number;
}

/** What a refusal holds back. */
export interface HeldBack {
  account: Account;
  /** `null`: another key of the account is left. */
  pause: AccountPause | null;
  /** The key that was refused. */
  credentialId: string | null;
  message: string;
}

/** Holds accounts back when their vendor refuses, and takes them back when it answers again. */
export interface AccountKeeper {
  /** Tells the limiter what the process before was told by the vendors. */
  resume(accounts: readonly Account[]): Promise<void>;
  /** The accounts as the store has them now. */
  adopt(accounts: readonly Account[]): void;
  /** Pauses what the failure concerns; `null` where it says nothing about the account. */
  holdBack(seat: UsedSeat, failure: Failure): Promise<HeldBack | null>;
  /** Makes it outlast this process. */
  record(held: HeldBack): Promise<void>;
  /** The account answered a call sent at `sentAt`: guesses about it are over. */
  takeBack(account: Account, candidate: Candidate, sentAt: number): Promise<void>;
}

export function createAccountKeeper(deps: KeeperDeps): AccountKeeper {
  const { limiter, clock, log, rack, store } = deps;
  const refusals = createRefusals();
  const pauses = createHeldPauses();
  let latest: ReadonlyMap<string, Account> = new Map();

  async function write(account: Account, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // The limiter holds the account back in any case; only its lasting record is missing.
      log.warn('account.state_not_written', { account: account.id, ...errorFields(error) });
    }
  }

  function adopt(accounts: readonly Account[]): void {
    latest = new Map(accounts.map((account) => [account.id, account]));
    for (const { id, pauses: stored } of accounts) {
      for (const pause of stored) pauses.note(id, pause);
      refusals.adopt(id, stored);
    }
  }

  return {
    adopt,
    async resume(accounts) {
      adopt(accounts);
      await restorePauses(limiter, accounts);
    },
    async holdBack({ account, candidate, credentialId, sentAt }, failure) {
      const isKey = failure.kind === 'credential';
      const held: HeldBack = {
        account,
        pause: null,
        credentialId: isKey ? credentialId : null,
        message: failure.message,
      };
      if (isKey) {
        // Its keys may be others than when the call was sent.
        const current = latest.get(account.id) ?? account;
        if (isGone(current, credentialId) && !isGone(account, credentialId)) return null;
        rack.putAside(account, credentialId);
        if (failure.scope === 'credential' && rack.hasOther(current)) return held;
      }
      const now = clock.now();
      const times = refusals.count(account.id, sentAt);
      held.pause = pauseFor(failure, { candidate, times, now });
      if (!held.pause) return null;
      refusals.note(account.id, { times, at: now });
      pauses.note(account.id, held.pause);
      await limiter.pause(limiterPause(account.id, held.pause));
      return held;
    },
    async record({ account, pause, credentialId, message }) {
      const { id, provider } = account;
      if (credentialId !== null) {
        log.warn('credential.refused', { account: id, provider, credential: credentialId });
        const owner = { accountId: id, credentialId, provider };
        await write(account, () => refuseCredential(store, owner, { message, probed: false }));
      }
      if (!pause) return;
      log.warn('account.held_back', {
        account: id,
        provider,
        state: pause.state,
        kind: pause.kind,
        dimension: pause.dimension,
        wait_ms: pause.until - clock.now(),
      });
      await write(account, () => holdAccount(store, account, pause));
    },
    async takeBack(account, { modelClass }, sentAt) {
      refusals.forget(account.id, sentAt);
      if (!pauses.end(account.id, { modelClass, sentAt, now: clock.now() })) return;
      await write(account, async () => {
        if (!(await releaseAccount(store, account, { modelClass, sentAt }))) return;
        log.info('account.took_back', { account: account.id, provider: account.provider });
      });
    },
  };
}

function isGone({ credentials }: Account, credentialId: string): boolean {
  return credentials.every(({ id }) => id !== credentialId);
}
