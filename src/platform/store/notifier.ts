import type { Log } from '../log.ts';
import type { Channel } from './store.ts';

export interface NotifierDeps {
  log: Log;
  /** Runs one statement outside any transaction. */
  query: (text: string, values: unknown[]) => Promise<unknown>;
}

export interface Notifier {
  notify(channel: Channel, payload: string): void;
  /** Sends what waits; further hints are dropped. */
  close(): Promise<void>;
}

/** PostgreSQL refuses 8,000 bytes; ours are ids, and what is longer belongs into a row. */
const payloadLimitBytes = 200;

/** The name of a channel within the database, which other programs may share. */
export const databaseChannel = (channel: Channel) => `headrace_${channel}`;

/**
 * Sends hints, at most one statement at a time: equal hints of one turn, and all that gather while a
 * statement is under way, go out together. Every NOTIFY commits under one lock of the whole server, so
 * sending them one by one, or inside the writers' transactions, costs most of the throughput.
 */
export function createNotifier(deps: NotifierDeps): Notifier {
  const waiting = new Map<string, [channel: string, payload: string]>();
  let sending: Promise<void> | undefined;
  let closed = false;

  const send = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.size > 0) {
      const batch = [...waiting.values()];
      waiting.clear();
      const channels = batch.map(([channel]) => channel);
      const payloads = batch.map(([, payload]) => payload);
      try {
        await deps.query(
          'SELECT pg_notify(hint.channel, hint.payload) FROM unnest($1::text[], $2::text[]) AS hint(channel, payload)',
          [channels, payloads],
        );
      } catch {
        // A hint may be lost: everyone who waits for one also polls.
        deps.log.debug('store.hint_lost', { count: batch.length });
      }
    }
    sending = undefined;
  };

  return {
    notify(channel, payload) {
      if (Buffer.byteLength(payload) > payloadLimitBytes) {
        throw new RangeError(`A hint holds at most ${payloadLimitBytes} bytes.`);
      }
      if (closed) return;
      waiting.set(`${channel} ${payload}`, [databaseChannel(channel), payload]);
      sending ??= send();
    },
    async close() {
      closed = true;
      await sending;
    },
  };
}
