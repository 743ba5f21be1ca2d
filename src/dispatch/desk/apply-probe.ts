import {
  type Account,
  acceptCredential,
  holdAccount,
  loadAccounts,
  refuseCredential,
  releaseAccount,
} from '../../accounts/index.ts';
import type { DispatchDeps } from '../dispatch-deps.ts';
import type { DispatchParts } from '../dispatch-parts.ts';
import { limiterPause } from '../pause-for.ts';
import type { ProbeResult } from './probe-credential.ts';

export type ApplyParts = Pick<DispatchParts, 'clock' | 'log' | 'limiter'> &
  Pick<DispatchDeps, 'store'>;

/** What a vendor's word about a key makes of the account: taken back, or held back for longer. */
export async function applyProbe(
  parts: ApplyParts,
  account: Account,
  result: ProbeResult,
): Promise<void> {
  const { store, log } = parts;
  const { id: accountId, provider } = account;
  const owner = { accountId, credentialId: result.credential, provider };
  const told = { account: accountId, provider, credential: result.credential };
  if (result.outcome === 'accepted') {
    await acceptCredential(store, owner);
    if (!account.pauses.some(({ kind }) => kind === 'credential')) return;
    const changed = await releaseAccount(store, account, { kind: 'credential' });
    await liftPauses(parts, accountId);
    if (changed) log.info('account.took_back', told);
  } else if (result.outcome === 'refused') {
    const message = result.message ?? 'The key is refused.';
    await refuseCredential(store, owner, { message, probed: true });
    await holdLonger(parts, account);
    log.info('credential.still_refused', told);
  }
}

/** Lets go in the limiter what the store no longer holds; the pauses that remain are told to it again. */
export async function liftPauses(parts: ApplyParts, accountId: string): Promise<void> {
  const [account] = await loadAccounts(parts.store, accountId);
  await parts.limiter.clear(accountId);
  for (const pause of account?.pauses ?? []) {
    await parts.limiter.pause(limiterPause(accountId, pause));
  }
}

/** A moment past the next probe, ms: a call is the trial only where no probe could say. */
const slackMs = 15_000;

async function holdLonger({ store, limiter }: ApplyParts, stale: Account): Promise<void> {
  const [account] = await loadAccounts(store, stale.id);
  const pause = account?.pauses.find(({ kind }) => kind === 'credential');
  if (!account || !pause) return;
  const nextProbe = Math.min(...account.credentials.flatMap(({ probeAt }) => probeAt ?? []));
  if (!Number.isFinite(nextProbe)) return;
  const longer = { ...pause, times: pause.times + 1, until: nextProbe + slackMs };
  await limiter.pause(limiterPause(account.id, longer));
  await holdAccount(store, account, longer);
}
