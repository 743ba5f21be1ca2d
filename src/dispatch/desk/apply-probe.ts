import {
  type Account,
  acceptCredential,
  prolongQuarantine,
  refuseCredential,
  releaseAccount,
} from '../../accounts/index.ts';
import type { DispatchDeps } from '../dispatch-deps.ts';
import type { DispatchParts } from '../dispatch-parts.ts';
import type { ProbeResult } from './probe-credential.ts';
import type { PauseTelling } from './tell-pauses.ts';

export type ApplyParts = Pick<DispatchParts, 'clock' | 'log' | 'limiter'> &
  Pick<DispatchDeps, 'store'> & { pauses: PauseTelling };

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
    await parts.pauses.lift(accountId);
    if (changed) log.info('account.took_back', told);
  } else if (result.outcome === 'refused') {
    const message = result.message ?? 'The key is refused.';
    await refuseCredential(store, owner, { message, probed: true });
    await prolongQuarantine(store, accountId);
    await parts.pauses.tell(accountId);
    log.info('credential.still_refused', told);
  }
}
