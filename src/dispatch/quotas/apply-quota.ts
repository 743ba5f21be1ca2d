import {
  type Account,
  type AccountPause,
  holdAccount,
  loadAccounts,
  releaseAccount,
} from '../../accounts/index.ts';
import type { StatedLimit } from '../../providers/index.ts';
import type { ApplyParts } from '../desk/apply-probe.ts';
import type { ModelDirectory } from '../model-directory.ts';
import { limiterPause } from '../pause-for.ts';
import type { QuotaReading } from './ask-quotas.ts';
import { servedModels } from './served-models.ts';

export type QuotaApplyParts = ApplyParts & { directory: () => ModelDirectory };

/** How often vendors are asked, ms. */
export const quotaEveryMs = 15 * 60_000;

/** Past the next time of asking: an account without money stays held back until its vendor says otherwise. */
const slackMs = 60_000;

/** What a vendor told of limits and money comes into force; a limit counts as one in an answer's headers. */
export async function applyQuota(
  parts: QuotaApplyParts,
  account: Account,
  reading: QuotaReading,
): Promise<void> {
  await stateLimits(parts, account, reading.limits);
  if (reading.solvent === false) await holdBack(parts, account);
  if (reading.solvent === true) await takeBack(parts, account);
}

/** Models of one class share a bucket: of several limits the smallest holds for it. */
async function stateLimits(
  { limiter, clock, directory }: QuotaApplyParts,
  account: Account,
  limits: readonly StatedLimit[],
): Promise<void> {
  const now = clock.now();
  const classes = Map.groupBy(servedModels(directory(), account), ({ modelClass }) => modelClass);
  for (const [modelClass, served] of classes) {
    const names = new Set(served.map(({ model }) => model));
    const concerned = limits.filter(({ models }) => models.some((model) => names.has(model)));
    const seen = [...Map.groupBy(concerned, ({ dimension }) => dimension)].map(
      ([dimension, stated]) => ({
        dimension,
        limit: Math.min(...stated.map(({ limit }) => limit)),
        remaining: null,
      }),
    );
    if (seen.length === 0) continue;
    await limiter.correct({ accountId: account.id, modelClass, sentAt: now, seenAt: now, seen });
  }
}

async function holdBack(parts: QuotaApplyParts, account: Account): Promise<void> {
  const { store, limiter, clock, log } = parts;
  const now = clock.now();
  const isNews = !account.pauses.some(isBroke);
  const pause: AccountPause = {
    state: 'quarantined',
    kind: 'billing',
    message: 'Its vendor says that there is no money left for calls.',
    modelClass: null,
    dimension: null,
    provenance: 'stated',
    times: 1,
    since: now,
    until: now + quotaEveryMs + slackMs,
  };
  await limiter.pause(limiterPause(account.id, pause));
  await holdAccount(store, account, pause);
  if (!isNews) return;
  const { id, provider } = account;
  const { state, kind } = pause;
  log.warn('account.held_back', { account: id, provider, state, kind, wait_ms: quotaEveryMs });
}

/** Somebody paid; a refused call may have held it back meanwhile, so what is stored decides. */
async function takeBack(parts: QuotaApplyParts, { id }: Account): Promise<void> {
  const { store, log } = parts;
  const [account] = await loadAccounts(store, id);
  if (!account?.pauses.some(isBroke)) return;
  const changed = await releaseAccount(store, account, { kind: 'billing' });
  await parts.pauses.lift(id);
  if (changed) log.info('account.took_back', { account: id, provider: account.provider });
}

function isBroke({ kind }: AccountPause): boolean {
  return kind === 'billing';
}
