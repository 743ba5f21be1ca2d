import {
  type Account,
  addAccounts,
  addCredential,
  changeAccount,
  loadAccounts,
  type PlannedTerms,
  type RegistryDeps,
  readPoolEvents,
  removeAccount,
  revokeCredential,
  rotateCredential,
  setAccountState,
} from '../../accounts/index.ts';
import { type ConfigProblem, formatPath } from '../../platform/config/config-problem.ts';
import { takeSecret } from '../../platform/config/expand-secret.ts';
import { readAccountChanges } from '../../platform/config/read-account-changes.ts';
import { readAccountList } from '../../platform/config/read-account-list.ts';
import { readRights } from '../../platform/config/read-rights.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { createUpstreamPolicy } from '../../platform/upstream-address.ts';
import type { DispatchParts } from '../dispatch-parts.ts';
import { readQuotas } from '../quotas/keep-quotas.ts';
import type { AccountDesk, WrittenCredential } from './account-desk.ts';
import { applyProbe } from './apply-probe.ts';
import { checkModelClasses } from './check-model-classes.ts';
import { explainChoice } from './explain-choice.ts';
import type { KeepingParts } from './keep-accounts.ts';
import { probeCredential } from './probe-credential.ts';

export type DeskParts = KeepingParts &
  Pick<DispatchParts, 'gates' | 'directory' | 'aliases' | 'choice'> & {
    /** Networks outside the public internet that an account may point to. */
    allowCidrs: readonly string[];
  };

const shownEvents = 20;

/** Every change is in force in this process when its promise resolves; others hear of it. */
export function createAccountDesk(parts: DeskParts): AccountDesk {
  const { store, limiter } = parts;
  const registry: RegistryDeps = { store, vault: parts.vault };

  async function read(accountId: string): Promise<Account> {
    const [account] = await loadAccounts(store, accountId);
    if (account) return account;
    throw new HeadraceError('not_found', {
      message: 'There is no account of this id.',
      where: accountId,
      fix: './headrace accounts list names them.',
    });
  }

  /** In force, and as it is now. */
  async function changed(accountId: string): Promise<Account> {
    await parts.reload();
    await parts.pauses.lift(accountId);
    return await read(accountId);
  }

  return {
    list: async () => (await loadAccounts(store)).filter((account) => !isLeftover(account)),
    read,
    events: (accountId) => readPoolEvents(store, accountId, shownEvents),
    gauges: (accountId) => limiter.gauges(accountId),
    async add(written, options) {
      const { accounts, warnings } = await addAccounts(
        registry,
        readWritten(parts, written),
        options,
      );
      if (!options.dryRun) await parts.reload();
      return { accounts: accounts.map(({ id, provider }) => ({ id, provider })), warnings };
    },
    async change(accountId, written) {
      const plan = (account: Account) => planTerms(parts, account, written);
      const { warnings } = await changeAccount(store, accountId, plan);
      // Not `changed`: no key is new, so what holds the account back still does.
      await parts.reload();
      return { account: await read(accountId), warnings };
    },
    async setState(accountId, state) {
      await setAccountState(store, accountId, state);
      return await changed(accountId);
    },
    async remove(accountId) {
      await removeAccount(store, accountId);
      await parts.reload();
    },
    async addCredential(accountId, written) {
      const { provider } = await read(accountId);
      await addCredential(registry, accountId, readCredential(written, provider));
      return await changed(accountId);
    },
    async rotateCredential(accountId, rotation) {
      checkCredential(rotation.credential.secret);
      await rotateCredential(registry, accountId, rotation);
      return await changed(accountId);
    },
    async revokeCredential(accountId, credentialId) {
      await revokeCredential(store, accountId, credentialId);
      await parts.reload();
    },
    test: (accountId) => testAccount(parts, accountId, read),
    explain: (question) => explainChoice(parts, question),
  };
}

/** What an earlier process simulated is no account of anybody's. */
function isLeftover({ managedBy, stateReason }: Account): boolean {
  return managedBy === 'simulation' && stateReason?.kind === 'removed';
}

function readingContext({ allowCidrs, providers }: DeskParts) {
  return { policy: createUpstreamPolicy(allowCidrs), providers: [...providers.keys()] };
}

function planTerms(parts: DeskParts, account: Account, written: unknown): PlannedTerms {
  const read = readAccountChanges(account, written, readingContext(parts));
  const classes = read.account ? checkModelClasses(read.account, []) : [];
  return { terms: read.account, problems: [...read.problems, ...classes] };
}

function readWritten(parts: DeskParts, written: readonly unknown[]) {
  const { accounts, problems } = readAccountList(written, readingContext(parts));
  const classes = accounts.flatMap(({ index, account }) =>
    checkModelClasses(account, ['accounts', index]),
  );
  return { accounts, problems: [...problems, ...classes] };
}

function readCredential({ id, secret, ...rights }: WrittenCredential, provider: string) {
  const problems: ConfigProblem[] = [];
  const admin = readRights(rights, { provider, path: [] }, problems);
  checkCredential(secret, problems);
  return { id, secret, ...(admin ? { admin } : {}) };
}

function checkCredential(secret: string, found: readonly ConfigProblem[] = []): void {
  const taken = takeSecret(secret);
  const problem = 'value' in taken ? found[0] : { path: ['secret'], ...taken };
  if (!problem) return;
  const where = formatPath(problem.path);
  throw new HeadraceError('account_invalid', {
    message: `The ${where} ${problem.wrong}.`,
    where,
    fix: problem.fix,
  });
}

async function testAccount(
  parts: DeskParts,
  accountId: string,
  read: (accountId: string) => Promise<Account>,
) {
  const account = await read(accountId);
  const provider = parts.providers.get(account.provider);
  if (!provider) {
    throw new HeadraceError('conflict', {
      message: `The provider ${account.provider} is no longer declared.`,
      where: accountId,
      fix: 'Declare it under providers: in headrace.yaml.',
    });
  }
  const neverAborted = new AbortController().signal;
  const results = await Promise.all(
    account.credentials.map(({ id }) =>
      probeCredential(parts, { account, provider, credentialId: id }, neverAborted),
    ),
  );
  for (const result of results) await applyProbe(parts, account, result);
  await parts.reload();
  const told = await readQuotas(parts, { account: await read(accountId), provider }, neverAborted);
  await parts.reload();
  // Of a key that calls, its own probe has said what there is to say.
  return [...results, ...told.filter(({ byAdmin }) => byAdmin).map(({ asked }) => asked)];
}
