import { Client } from 'pg';
import { type Clock, sleep } from '../clock.ts';
import { errorFields, type Log } from '../log.ts';
import { connectionConfig } from './connection.ts';
import { databaseChannel } from './notifier.ts';
import type { Channel } from './store.ts';
import { toStoreError } from './store-failure.ts';

export interface SessionDeps {
  url: string;
  log: Log;
  clock: Clock;
  /** Receives every hint of the database. */
  hear: (channel: Channel, payload: string) => void;
}

/** The one connection that lives as long as the store: it hears hints and holds the instance lock. */
export interface DedicatedSession {
  holdsInstanceLock(): boolean;
  takeInstanceLock(): Promise<boolean>;
  close(): Promise<void>;
}

/** The advisory lock of the process whose limiter counts; one per database. */
export const instanceLock = 0x68656165;

const channels: readonly Channel[] = ['run', 'task', 'advance', 'cancel', 'accounts'];
const heartbeatMs = 5_000;
const firstRetryMs = 50;
const longestRetryMs = 5_000;

/**
 * Connects, or throws `store_unavailable`. A lost connection is made again for as long as the session is
 * open; the instance lock is lost with it and must be taken again, for another process may hold it by then.
 */
export async function openDedicatedSession(deps: SessionDeps): Promise<DedicatedSession> {
  const closing = new AbortController();
  let current: Connected | undefined = await connect(deps);

  const watch = async (first: Connected) => {
    let connected: Connected | undefined = first;
    while (connected !== undefined) {
      await connected.lost;
      current = undefined;
      if (closing.signal.aborted) return;
      deps.log.warn('store.session_lost');
      connected = await reconnect(deps, closing.signal);
      current = connected;
    }
  };
  const watching = watch(current);

  return {
    holdsInstanceLock: () => current?.locked === true,
    async takeInstanceLock() {
      const taker = current;
      if (taker === undefined) return false;
      // Advisory locks nest: asked twice it would have to be given back twice.
      taker.locking ??= tryLock(taker).finally(() => {
        taker.locking = undefined;
      });
      return taker.locked || (await taker.locking);
    },
    async close() {
      closing.abort(new Error('The store was closed.'));
      await current?.client.end().catch(() => undefined);
      await watching;
    },
  };
}

interface Connected {
  client: Client;
  locked: boolean;
  locking: Promise<boolean> | undefined;
  /** Resolves when the connection is gone. */
  lost: Promise<void>;
}

async function connect(deps: SessionDeps): Promise<Connected> {
  const client = new Client(connectionConfig(deps.url));
  const lost = new Promise<void>((resolve) => {
    client.once('end', resolve);
    // Without a listener the error of a lost connection would end the process; `end` follows it.
    client.on('error', (error) => deps.log.debug('store.session_error', errorFields(error)));
  });
  const heard = new Map(channels.map((channel) => [databaseChannel(channel), channel]));
  client.on('notification', ({ channel, payload = '' }) => {
    const ours = heard.get(channel);
    if (ours !== undefined) deps.hear(ours, payload);
  });
  try {
    await client.connect();
    await client.query([...heard.keys()].map((channel) => `LISTEN ${channel}`).join('; '));
    // A start that nobody recorded would let leases lapse that could not be renewed while it was down.
    await client.query(`
      BEGIN;
      SELECT set_config('search_path', 'headrace, pg_temp', true);
      INSERT INTO server_starts (postmaster_started_at) VALUES (pg_postmaster_start_time())
        ON CONFLICT DO NOTHING;
      COMMIT`);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw toStoreError(error);
  }
  startHeartbeat(client, deps);
  return { client, locked: false, locking: undefined, lost };
}

async function reconnect(deps: SessionDeps, signal: AbortSignal): Promise<Connected | undefined> {
  for (let delayMs = firstRetryMs; ; delayMs = Math.min(delayMs * 2, longestRetryMs)) {
    try {
      await sleep(deps.clock, delayMs, signal);
    } catch {
      return undefined;
    }
    try {
      const connected = await connect(deps);
      if (!signal.aborted) {
        deps.log.info('store.session_restored');
        return connected;
      }
      await connected.client.end();
      return undefined;
    } catch (error) {
      deps.log.debug('store.session_refused', errorFields(error));
    }
  }
}

/**
 * Breaks a connection whose other side has gone silent: the server would give the instance lock to another
 * process while this one still believed to hold it.
 */
function startHeartbeat(client: Client, deps: SessionDeps): void {
  let cancel: () => void;
  const beat = () => {
    cancel = deps.clock.setTimer(heartbeatMs, () => client.connection.stream.destroy());
    client.query('SELECT 1').then(rest, () => undefined);
  };
  const rest = () => {
    cancel();
    cancel = deps.clock.setTimer(heartbeatMs, beat);
  };
  cancel = deps.clock.setTimer(heartbeatMs, beat);
  client.once('end', () => cancel());
}

async function tryLock(connected: Connected): Promise<boolean> {
  if (connected.locked) return true;
  try {
    const { rows } = await connected.client.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS taken',
      [instanceLock],
    );
    connected.locked = rows[0]?.taken === true;
    return connected.locked;
  } catch (error) {
    throw toStoreError(error);
  }
}
