import {
  type ForeignUse,
  readForeignUse,
  recordForeignUse,
  worstForeignUse,
} from '../../accounts/index.ts';
import { errorFields } from '../../platform/log.ts';
import { repeat } from '../../platform/repeat.ts';
import type { DispatchDeps } from '../dispatch-deps.ts';
import type { DispatchParts } from '../dispatch-parts.ts';
import { createForeignUseSpells, type ForeignUseSpells } from './foreign-use-spells.ts';

export type WatchParts = Pick<DispatchParts, 'clock' | 'log' | 'limiter' | 'directory'> &
  Pick<DispatchDeps, 'store'>;

const everyMs = 10_000;

/** Tells when others begin and cease to use an account: an event and a line in the log, once each. */
export function watchForeignUse(parts: WatchParts): () => void {
  const { clock, log, limiter, store, directory } = parts;
  let spells: ForeignUseSpells | null = null;

  async function look(): Promise<void> {
    spells ??= createForeignUseSpells(await readForeignUse(store));
    const gauges = Map.groupBy(limiter.gauges(), ({ accountId }) => accountId);
    for (const { id, provider } of directory().accounts) {
      const use = worstForeignUse(gauges.get(id) ?? []);
      const turn = spells.judge(id, use?.share ?? 0, clock.now());
      if (turn === 'began') await tell({ id, provider }, use);
      if (turn === 'ended') await tell({ id, provider }, null);
    }
  }

  async function tell(account: { id: string; provider: string }, use: ForeignUse | null) {
    // Other processes of the pool see it, too: who is the first to say so writes the line.
    if (!(await recordForeignUse(store, account, use))) return;
    const told = { account: account.id, provider: account.provider };
    if (use === null) log.info('account.foreign_use_ended', told);
    else log.warn('account.foreign_use_began', { ...told, dimension: use.dimension });
  }

  const failed = (error: unknown) => log.warn('foreign_use.not_watched', errorFields(error));
  return repeat(clock, everyMs, { work: look, failed });
}
