import type { Clock } from '../platform/clock.ts';
import { errorFields, type Log } from '../platform/log.ts';
import { repeat } from '../platform/repeat.ts';
import type { Store } from '../platform/store/store.ts';
import type { Carrier } from './carrier.ts';
import { relayOutbox } from './relay-outbox.ts';
import { sweep } from './sweep.ts';

export interface UpkeepDeps {
  store: Store;
  carrier: Carrier;
  clock: Clock;
  log: Log;
}

const sweepMs = 5_000;
const relayMs = 250;
const relayBatch = 100;

/**
 * Keeps the queue in order from any process, as many as there are: sweeps every five seconds, and
 * relays the outbox where the carrier does not read it. Resolves the stop when nothing is under way.
 */
export function startUpkeep(deps: UpkeepDeps): { stop(): Promise<void> } {
  const { clock, log, store, carrier } = deps;
  let stopped = false;
  let relaying: Promise<void> = Promise.resolve();
  let sweeping: Promise<void> = Promise.resolve();

  const relayAll = async () => {
    while (!stopped && (await relayOutbox(deps, { limit: relayBatch })) === relayBatch) {
      // A full batch: more may wait.
    }
  };
  const relay = () => {
    relaying = relaying
      .then(relayAll)
      .catch((error) => log.warn('outbox.not_relayed', errorFields(error)));
    return relaying;
  };
  const sweepOnce = () => {
    sweeping = sweep({ store })
      .then(({ lapsed, unclaimed, dead, attempts }) => {
        const count = lapsed + unclaimed + attempts;
        if (count > 0)
          log.warn('queue.swept', { count, kind: kindsOf({ lapsed, unclaimed, dead }) });
      })
      .catch((error) => log.warn('queue.not_swept', errorFields(error)));
    return sweeping;
  };
  const failed = () => {};
  const stops = [repeat(clock, sweepMs, { work: sweepOnce, failed })];
  if (!carrier.flags.readsOutbox) {
    stops.push(repeat(clock, relayMs, { work: relay, failed }));
    stops.push(store.listen('task', () => void relay()));
  }
  return {
    async stop() {
      stopped = true;
      for (const stop of stops) stop();
      await Promise.all([relaying, sweeping]);
    },
  };
}

/** `lapsed:2 dead:1`, without those that are zero. */
function kindsOf(counts: Record<string, number>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kind}:${count}`)
    .join(' ');
}
