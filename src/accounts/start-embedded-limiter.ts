import type { Clock } from '../platform/clock.ts';
import { errorFields, type Log } from '../platform/log.ts';
import type { Store } from '../platform/store/store.ts';
import { createEmbeddedLimiter, type EmbeddedLimiter } from './embedded/create-embedded-limiter.ts';
import type { LimitedAccount, Limiter } from './limiter.ts';
import { restoreLimiter, snapshotEveryMs, writeSnapshots } from './limiter-snapshots.ts';

export interface LimiterDeps {
  store: Store;
  clock: Clock;
  log: Log;
}

/**
 * The limiter in process, with its instance lock and its snapshots. Without the lock it refuses to admit
 * (`limiter_not_shared`) and asks for it every second: the process that holds it may end. Closing it
 * writes the windows a last time.
 */
export async function startEmbeddedLimiter(
  deps: LimiterDeps,
  accounts: readonly LimitedAccount[],
): Promise<Limiter> {
  const { store, clock, log } = deps;
  let admits = false;
  const limiter = createEmbeddedLimiter({
    clock,
    mayAdmit: () => admits && store.holdsInstanceLock(),
  });
  await limiter.configure(accounts);
  const keeping = { ...deps, limiter };

  /** Whoever gets the lock goes on from what its holder before had spent. */
  async function takeOver(): Promise<void> {
    if (admits && store.holdsInstanceLock()) return;
    admits = false;
    if (!(store.holdsInstanceLock() || (await store.takeInstanceLock()))) return;
    await restoreLimiter(keeping);
    admits = true;
  }

  async function write(clean: boolean): Promise<void> {
    if (admits) await writeSnapshots(keeping, clean);
  }

  await takeOver();
  await write(false);
  if (!admits) log.warn('limiter.not_shared');
  const stop = keepDoing(deps, () => takeOver().then(() => write(false)));
  return withClose(limiter, async () => {
    await stop();
    try {
      await write(true);
    } catch (error) {
      // The store is gone: the next start counts the time since the last snapshot as spent.
      log.warn('limiter.snapshot_failed', errorFields(error));
    }
  });
}

function keepDoing({ clock, log }: LimiterDeps, work: () => Promise<void>): () => Promise<void> {
  let cancel: (() => void) | null = null;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const schedule = () => {
    if (!stopped) cancel = clock.setTimer(snapshotEveryMs, run);
  };
  const run = () => {
    running = work()
      // Without the store no attempt can be recorded either, so nothing is spent unseen.
      .catch((error: unknown) => log.warn('limiter.snapshot_failed', errorFields(error)))
      .then(schedule);
  };
  schedule();
  return async () => {
    stopped = true;
    cancel?.();
    await running;
  };
}

function withClose(limiter: EmbeddedLimiter, before: () => Promise<void>): Limiter {
  return {
    ...limiter,
    async close() {
      await before();
      await limiter.close();
    },
  };
}
