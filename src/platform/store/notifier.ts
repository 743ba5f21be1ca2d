import { randomUUID } from 'node:crypto';
import type { Log } from '../log.ts';
import type { Channel } from './store.ts';

export interface NotifierDeps {
  log: Log;
  /** Runs one statement outside any transaction. */
  query: (text: string, values: unknown[]) => Promise<unknown>;
  /** Hears every hint once: those of this process without the way over the database. */
  hear: (channel: Channel, payload: string) => void;
}

export interface Notifier {
  notify(channel: Channel, payload: string): void;
  /** Takes what the database announced, and passes on what other processes sent. */
  receive(channel: Channel, sealed: string): void;
  /** Sends what waits; further hints are dropped. */
  close(): Promise<void>;
}

/** PostgreSQL refuses 8,000 bytes; ours are ids, and what is longer belongs into a row. */
const payloadLimitBytes = 200;

/** The name of a channel within the database, which other programs may share. */
export const databaseChannel = (channel: Channel) => `headrace_${channel}`;

type Hint = [channel: Channel, payload: string];

/**
 * Passes hints on within the process at once, and to other processes at most one statement at a time:
 * equal hints of one turn, and all that gather while a statement is under way, go out together. Every
 * NOTIFY commits under one lock of the whole server, so sending them one by one, or inside the writers'
 * transactions, costs most of the throughput; waiting for the disk under that lock, most of the rest.
 */
export function createNotifier(deps: NotifierDeps): Notifier {
  const origin = randomUUID();
  const unheard = new Map<string, Hint>();
  const unsent = new Map<string, Hint>();
  let scheduled = false;
  let sending: Promise<void> | undefined;
  let closed = false;

  const send = async () => {
    while (unsent.size > 0) {
      const batch = take(unsent);
      const channels = batch.map(([channel]) => databaseChannel(channel));
      const payloads = batch.map(([, payload]) => `${origin} ${payload}`);
      try {
        await deps.query(
          `SELECT set_config('synchronous_commit', 'off', true), pg_notify(hint.channel, hint.payload)
           FROM unnest($1::text[], $2::text[]) AS hint(channel, payload)`,
          [channels, payloads],
        );
      } catch {
        // A hint may be lost: everyone who waits for one also polls.
        deps.log.debug('store.hint_lost', { count: batch.length });
      }
    }
    sending = undefined;
  };
  const deliver = () => {
    scheduled = false;
    for (const [channel, payload] of take(unheard)) deps.hear(channel, payload);
    if (unsent.size > 0) sending ??= send();
  };

  return {
    notify(channel, payload) {
      if (Buffer.byteLength(payload) > payloadLimitBytes) {
        throw new RangeError(`A hint holds at most ${payloadLimitBytes} bytes.`);
      }
      if (closed) return;
      const hint: Hint = [channel, payload];
      unheard.set(hint.join(' '), hint);
      unsent.set(hint.join(' '), hint);
      if (!scheduled) setImmediate(deliver);
      scheduled = true;
    },
    receive(channel, sealed) {
      const [sender, payload] = splitOnce(sealed);
      if (sender !== origin) deps.hear(channel, payload);
    },
    async close() {
      closed = true;
      sending ??= send();
      await sending;
    },
  };
}

function take(hints: Map<string, Hint>): Hint[] {
  const taken = [...hints.values()];
  hints.clear();
  return taken;
}

function splitOnce(sealed: string): [sender: string, payload: string] {
  const space = sealed.indexOf(' ');
  return [sealed.slice(0, space), sealed.slice(space + 1)];
}
