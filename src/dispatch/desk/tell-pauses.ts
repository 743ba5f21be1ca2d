import { type Limiter, loadAccounts } from '../../accounts/index.ts';
import type { Store } from '../../platform/store/store.ts';
import { limiterPause } from '../pause-for.ts';

/** Makes the limiter's pauses those of the store, where something else than a call changed them. */
export interface PauseTelling {
  /** What holds the account back is told to the limiter. */
  tell(accountId: string): Promise<void>;
  /** What the store no longer holds is let go; the pauses that remain are told to it again. */
  lift(accountId: string): Promise<void>;
}

/** One after the other: of two at once the one that read less would have the last word. */
export function createPauseTelling({
  store,
  limiter,
}: {
  store: Store;
  limiter: Pick<Limiter, 'clear' | 'pause'>;
}): PauseTelling {
  let last = Promise.resolve();
  const inLine = (work: () => Promise<void>) => {
    last = last.catch(() => undefined).then(work);
    return last;
  };

  async function tellStored(accountId: string, { anew }: { anew: boolean }): Promise<void> {
    const [account] = await loadAccounts(store, accountId);
    if (anew) await limiter.clear(accountId);
    for (const pause of account?.pauses ?? []) {
      await limiter.pause(limiterPause(accountId, pause));
    }
  }

  return {
    tell: (accountId) => inLine(() => tellStored(accountId, { anew: false })),
    lift: (accountId) => inLine(() => tellStored(accountId, { anew: true })),
  };
}
