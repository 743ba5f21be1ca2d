import { claimProbes, loadAccounts, retireCredentials } from '../../accounts/index.ts';
import { errorFields } from '../../platform/log.ts';
import { repeat } from '../../platform/repeat.ts';
import type { Provider } from '../../providers/index.ts';
import { type ApplyParts, applyProbe } from './apply-probe.ts';
import type { AskParts } from './ask-vendor.ts';
import { probeCredential } from './probe-credential.ts';

export interface KeepingParts extends ApplyParts, AskParts {
  providers: ReadonlyMap<string, Provider>;
  /** Reads the accounts anew. */
  reload(): Promise<void>;
}

const everyMs = 5000;
/** More changes than this are not under way at once. */
const changesAtOnce = 1000;

/**
 * What must happen to accounts though nobody calls: refused keys are asked again, rotated ones retire at
 * the end of their overlap, and what other processes changed is heard even where their hint was lost.
 */
export function keepAccounts(parts: KeepingParts): () => void {
  const ending = new AbortController();
  let stamp: string | null = null;
  const failed = (error: unknown) => {
    if (!ending.signal.aborted) parts.log.warn('accounts.not_kept', errorFields(error));
  };

  async function work(): Promise<void> {
    const retired = await retireCredentials(parts.store);
    const probed = await probeRefused(parts, ending.signal);
    const seen = await readStamp(parts);
    if (retired + probed === 0 && seen === stamp) return;
    await parts.reload();
    // Only now: a reading that failed is made up for.
    stamp = seen;
  }

  const stop = repeat(parts.clock, everyMs, { work, failed });
  const deaf = parts.store.listen('accounts', () => void parts.reload().catch(failed));
  return () => {
    ending.abort();
    stop();
    deaf();
  };
}

async function probeRefused(parts: KeepingParts, signal: AbortSignal): Promise<number> {
  const due = await claimProbes(parts.store);
  for (const { accountId, credentialId } of due) {
    const [account] = await loadAccounts(parts.store, accountId);
    const provider = account && parts.providers.get(account.provider);
    if (!account || !provider) continue;
    const result = await probeCredential(parts, { account, provider, credentialId }, signal);
    await applyProbe(parts, account, result);
  }
  return due.length;
}

async function readStamp({ store }: KeepingParts): Promise<string> {
  const [row] = await store.transaction('system', (tx) =>
    // The count, too: of two changes at once the one that began last may be there first.
    tx.query<{ stamp: string }>(
      `SELECT coalesce(max(id), 0) || ' ' || count(*) AS stamp FROM pool_events
       WHERE id > (SELECT max(id) - $1 FROM pool_events)`,
      [changesAtOnce],
    ),
  );
  return row?.stamp ?? '';
}
