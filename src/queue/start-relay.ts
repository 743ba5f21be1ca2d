import type { Clock } from '../platform/clock.ts';
import { errorFields, type Log } from '../platform/log.ts';
import { repeat } from '../platform/repeat.ts';
import type { Store } from '../platform/store/store.ts';
import type { Carrier } from './carrier.ts';
import { relayOutbox } from './relay-outbox.ts';

export interface RelayDeps {
  store: Store;
  carrier: Carrier;
  clock: Clock;
  log: Log;
}

/** A hint may be lost; the outbox is looked at this often all the same. */
const pollMs = 250;
const batch = 100;

/**
 * Feeds a carrier from the outbox, from as many processes as there are; does nothing where the carrier
 * reads the outbox itself. The stop resolves when nothing is under way.
 */
export function startRelay(deps: RelayDeps): { stop(): Promise<void> } {
  const { carrier, clock, log, store } = deps;
  if (carrier.flags.readsOutbox) return { stop: async () => {} };
  let stopped = false;
  let last: Promise<void> = Promise.resolve();

  const relayAll = async () => {
    // A full batch means that more may wait.
    while (!stopped && (await relayOutbox(deps, { limit: batch })) === batch);
  };
  const failed = (error: unknown) => log.warn('outbox.not_relayed', errorFields(error));
  const relay = () => {
    last = last.then(relayAll).catch(failed);
    return last;
  };
  const stopPolling = repeat(clock, pollMs, { work: relay, failed });
  const stopListening = store.listen('task', () => void relay());
  return {
    async stop() {
      stopped = true;
      stopPolling();
      stopListening();
      await last;
    },
  };
}
