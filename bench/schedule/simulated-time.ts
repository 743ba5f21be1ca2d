import type { Clock } from '../../src/platform/clock.ts';
import type { Channel, Store } from '../../src/platform/store/store.ts';

export interface SimulatedTime {
  clock: Clock;
  /** The store with its transactions counted, and its hints carried within the process. */
  watch(store: Store): Store;
  /** Moves from timer to timer until `done` holds; throws where nothing would ever happen again. */
  runUntil(done: () => Promise<boolean>): Promise<void>;
}

interface Timer {
  at: number;
  order: number;
  fire: () => void;
}

/** Turns of the event loop without any transaction after which nothing is under way. */
const quietTurns = 3;

/**
 * Time that stands still while anything is under way. What Headrace does takes none of it, so a
 * schedule shows what was decided, and not how fast this machine is.
 */
export function createSimulatedTime(
  startMs: number,
  /** Tells the database what time it is. */
  publish: (now: number) => Promise<unknown>,
): SimulatedTime {
  let now = startMs;
  let order = 0;
  let pending = 0;
  const timers = new Set<Timer>();

  const settle = async () => {
    for (let quiet = 0; quiet < quietTurns; quiet += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (pending > 0) quiet = -1;
    }
  };
  const earliest = () =>
    [...timers].reduce<Timer | undefined>(
      (first, timer) =>
        !first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)
          ? timer
          : first,
      undefined,
    );

  return {
    clock: {
      now: () => now,
      setTimer(delayMs, fire) {
        const timer = { at: now + Math.max(0, delayMs), order: order++, fire };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    watch: (store) =>
      watchStore(store, (change) => {
        pending += change;
      }),
    async runUntil(done) {
      await settle();
      while (!(await done())) {
        const next = earliest();
        if (!next) throw new Error('Nothing is under way, and no timer is set.');
        if (next.at > now) {
          now = next.at;
          await publish(now);
        }
        timers.delete(next);
        next.fire();
        await settle();
      }
    },
  };
}

function watchStore(store: Store, count: (change: 1 | -1) => void): Store {
  const hearers = new Map<Channel, Set<(payload: string) => void>>();
  return {
    ...store,
    async transaction(scope, work) {
      count(1);
      try {
        return await store.transaction(scope, work);
      } finally {
        count(-1);
      }
    },
    notify(channel, payload) {
      // Not at once: a hint goes out after the work that sent it.
      count(1);
      setImmediate(() => {
        for (const hear of hearers.get(channel) ?? []) hear(payload);
        count(-1);
      });
    },
    listen(channel, hear) {
      const own = hearers.get(channel) ?? new Set();
      hearers.set(channel, own.add(hear));
      return () => own.delete(hear);
    },
  };
}
