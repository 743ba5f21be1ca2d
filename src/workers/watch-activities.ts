import { errorFields } from '../platform/log.ts';
import { repeat } from '../platform/repeat.ts';
import { heldClaims, leaseMs, renewLeases } from '../queue/index.ts';
import type { Activity } from './activity.ts';
import type { WorkersDeps } from './workers-deps.ts';

/** A call that sends nothing for this long is given up, whatever its lease says. */
const silenceMs = 10 * 60_000;
/** Cancellation reaches a worker within 2 s even where its hint was lost. */
const checkMs = 1_000;

/**
 * Keeps the leases of the tasks under way, and breaks off the calls whose task is not this process's
 * any more (cancelled, or lapsed and given to another). Returns the way to stop watching.
 */
export function watchActivities(
  deps: Pick<WorkersDeps, 'store' | 'clock' | 'log'>,
  activities: ReadonlySet<Activity>,
): () => void {
  const check = (read: typeof heldClaims) => async () => {
    const watched = [...activities].filter((activity) => !activity.stopped);
    for (const activity of watched) {
      // A timer alone would renew the lease of a call that hangs for ever.
      if (deps.clock.now() - activity.lastSignAt > silenceMs) activity.stop('silent');
    }
    const held = await read(
      deps,
      watched.map((activity) => activity.claim),
    );
    for (const activity of watched) {
      if (!held.has(activity.claim.fencingToken)) activity.stop('lost');
    }
  };
  const failed = (error: unknown) =>
    deps.log.warn('worker.watch_failed', { ...errorFields(error), count: activities.size });
  const stops = [
    repeat(deps.clock, checkMs, { work: check(heldClaims), failed }),
    repeat(deps.clock, leaseMs / 3, { work: check(renewLeases), failed }),
    deps.store.listen('cancel', (runId) => {
      const concerned = [...activities].some(({ claim }) => claim.task.runId === runId);
      if (concerned) check(heldClaims)().catch(failed);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
