import { lanes } from '../platform/lanes.ts';
import { errorFields } from '../platform/log.ts';
import { type Claim, claimTasks, type Delivery } from '../queue/index.ts';
import { type Activity, createActivity } from './activity.ts';
import type { SlotBoard } from './slot-board.ts';
import type { WakeUp } from './wake-up.ts';
import { workTask } from './work-task.ts';
import type { TaskWork } from './workers-deps.ts';

/** Everyone polls slowly as well: a hint may be lost. */
const pollMs = 1_000;

export interface SlotsDeps extends TaskWork {
  workerId: string;
  board: SlotBoard;
  wakeUp: WakeUp;
  /** What is under way; kept up to date here. */
  activities: Set<Activity>;
}

export interface Slots {
  /** Takes nothing more; resolves when no message is on its way into a slot. */
  close(): Promise<void>;
  /** Breaks off all that is under way, and what was claimed a moment ago as soon as it begins. */
  breakOff(): void;
  /** Resolves when every slot is free. */
  idle(): Promise<void>;
}

/** Step ⑭. Takes messages into free slots only, so that nothing is fetched that cannot start at once. */
export function fillSlots(deps: SlotsDeps): Slots {
  const { board, carrier, log, wakeUp } = deps;
  const underWay = new Set<Promise<void>>();
  let taking = true;
  let brokenOff = false;

  const begin = (claim: Claim) => {
    const activity = createActivity(claim, deps.clock.now());
    if (brokenOff) activity.stop('drained');
    deps.activities.add(activity);
    return workTask(deps, activity).finally(() => deps.activities.delete(activity));
  };

  const fill = (delivery: Delivery, claims: Promise<Claims>) => {
    const { provider, task_id } = delivery.message;
    board.occupy(provider);
    const work = settleDelivery(deps, delivery, claims)
      .then((claim) => (claim ? begin(claim) : undefined))
      // One slot's failure is its own: the lease lapses and the sweep brings the task back.
      .catch((error) => log.error('worker.slot_failed', { task_id, ...errorFields(error) }))
      .finally(() => {
        underWay.delete(work);
        // Where a slot was free before, the last look found nothing for it, and what comes is announced.
        if (board.vacate(provider)) wakeUp.signal();
      });
    underWay.add(work);
  };

  const fillAll = (deliveries: readonly Delivery[]) => {
    for (const [, group] of Map.groupBy(deliveries, ({ message }) => message.run_id)) {
      const claims = claimTogether(deps, group);
      for (const delivery of group) fill(delivery, claims);
    }
  };

  const takeUntilEmpty = async () => {
    for (let free = board.free(); taking && free.size > 0; free = board.free()) {
      const deliveries = await carrier.take(free, lanes);
      if (deliveries.length === 0) return;
      if (taking) fillAll(deliveries);
      else await Promise.all(deliveries.map(({ release }) => release()));
    }
  };

  const pump = async () => {
    while (taking) {
      await takeUntilEmpty().catch((error) => log.warn('worker.take_failed', errorFields(error)));
      if (taking) await wakeUp.wait(pollMs);
    }
  };
  const pumping = pump();

  return {
    async close() {
      taking = false;
      wakeUp.signal();
      await pumping;
    },
    breakOff() {
      brokenOff = true;
      for (const activity of deps.activities) activity.stop('drained');
    },
    idle: async () => void (await Promise.all(underWay)),
  };
}

type Claims = ReadonlyMap<Delivery, Claim>;

/** Claims of one run share a transaction. A task that was delivered twice is claimed for one delivery only. */
async function claimTogether(deps: SlotsDeps, group: readonly Delivery[]): Promise<Claims> {
  const messages = group.map(({ message }) => message);
  const byTask = new Map(group.map((delivery) => [delivery.message.task_id, delivery]));
  const claims = await claimTasks(deps, messages, deps.workerId);
  return new Map(
    claims.flatMap((claim) => {
      const delivery = byTask.get(claim.task.id);
      return delivery ? [[delivery, claim]] : [];
    }),
  );
}

async function settleDelivery(
  deps: SlotsDeps,
  delivery: Delivery,
  claims: Promise<Claims>,
): Promise<Claim | undefined> {
  try {
    const claim = (await claims).get(delivery);
    // Unawaited: the claim is committed, and a lost acknowledgement only brings a stale message.
    delivery.acknowledge().catch((error) => deps.log.warn('worker.ack_failed', errorFields(error)));
    return claim;
  } catch (error) {
    await delivery.release();
    throw error;
  }
}
