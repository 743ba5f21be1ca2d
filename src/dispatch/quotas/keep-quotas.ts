import type { Account } from '../../accounts/index.ts';
import { errorFields } from '../../platform/log.ts';
import { repeat } from '../../platform/repeat.ts';
import type { Provider } from '../../providers/index.ts';
import type { AskParts } from '../desk/ask-vendor.ts';
import { applyQuota, type QuotaApplyParts, quotaEveryMs } from './apply-quota.ts';
import { askQuotas, type QuotaReading } from './ask-quotas.ts';
import { servedModels } from './served-models.ts';

export type QuotaKeepingParts = QuotaApplyParts &
  AskParts & { providers: ReadonlyMap<string, Provider> };

/** How soon a new account or another key is noticed. */
const lookEveryMs = 5000;
const atOnce = 8;

/**
 * Asks the vendors that tell limits or money outside of calls: at the start, when an account or its keys
 * change, and every quarter of an hour. What fails changes nothing, and is said once until it works again.
 */
export function keepQuotas(parts: QuotaKeepingParts): () => void {
  const { clock, log, directory, providers } = parts;
  const ending = new AbortController();
  /** Account → what it was asked with, and when it is next (epoch ms). */
  const asked = new Map<string, { with: string; nextAt: number }>();
  const failing = new Set<string>();

  function findDue(): { account: Account; provider: Provider }[] {
    const now = clock.now();
    return directory().accounts.flatMap((account) => {
      const provider = providers.get(account.provider);
      if (!provider || provider.quotas.length === 0) return [];
      const last = asked.get(account.id);
      const means = describeMeans(account);
      if (last && last.with === means && now < last.nextAt) return [];
      asked.set(account.id, { with: means, nextAt: now + quotaEveryMs });
      return [{ account, provider }];
    });
  }

  async function askOne({ account, provider }: { account: Account; provider: Provider }) {
    const readings = await readQuotas(parts, { account, provider }, ending.signal);
    const failed = readings.find((reading) => reading.asked.code !== null);
    const isNews = failed !== undefined && !failing.has(account.id);
    if (!failed) failing.delete(account.id);
    if (!isNews) return;
    failing.add(account.id);
    const { credential, code } = failed.asked;
    const told = { account: account.id, provider: provider.id, credential, code };
    log.warn('account.quota_not_read', told);
  }

  async function work(): Promise<void> {
    const due = findDue();
    for (let first = 0; first < due.length; first += atOnce) {
      await Promise.all(due.slice(first, first + atOnce).map(askOne));
    }
  }

  const failed = (error: unknown) => {
    if (!ending.signal.aborted) log.warn('account.quota_not_kept', errorFields(error));
  };
  work().catch(failed);
  const stop = repeat(clock, lookEveryMs, { work, failed });
  return () => {
    ending.abort();
    stop();
  };
}

/** Asks a vendor now, and brings into force what it says. */
export async function readQuotas(
  parts: QuotaApplyParts & AskParts,
  { account, provider }: { account: Account; provider: Provider },
  signal: AbortSignal,
): Promise<QuotaReading[]> {
  const models = servedModels(parts.directory(), account).map(({ model }) => model);
  const readings = await askQuotas(parts, { account, provider, models }, signal);
  for (const reading of readings) await applyQuota(parts, account, reading);
  return readings;
}

/** Asked again at once where this changes. */
function describeMeans({ baseUrl, credentials, adminCredentials, models }: Account): string {
  const keys = [...credentials, ...adminCredentials].map(({ id, fingerprint }) => [
    id,
    fingerprint,
  ]);
  return JSON.stringify([baseUrl, keys, adminCredentials.map(({ project }) => project), models]);
}
