import type { Clock } from '../../platform/clock.ts';
import { errorFields, type Log } from '../../platform/log.ts';
import { loadLibrary } from './load-library.ts';

/** One connection for calls, one that hears. It reconnects by itself. */
export interface RedisConnection {
  ready(): boolean;
  /** Runs the limiter's script on one scope. Rejects when no answer came in `patienceMs`. */
  run(key: string, input: string): Promise<string>;
  /** Epoch ms by the server's clock. */
  time(): Promise<number>;
  subscribe(channel: string, hear: (message: string) => void): Promise<void>;
  /** Calls `hear` whenever the connection has come back. */
  onReady(hear: () => void): void;
  /** Commands that were sent and answered, for the bench. */
  trips(): number;
  close(): Promise<void>;
}

export interface ConnectionDeps {
  url: string;
  clock: Clock;
  log: Log;
  /** How long an answer may take; a second where omitted. */
  patienceMs?: number;
}

/** An answer that takes longer is none: a server that hangs must not hang every call with it. */
const usualPatienceMs = 1000;
const connectMs = 3000;

/** Resolves also where the server cannot be reached yet. */
export async function connectRedis(deps: ConnectionDeps): Promise<RedisConnection> {
  const { url, clock, log, patienceMs = usualPatienceMs } = deps;
  const { createClient } = await import('@redis/client');
  const library = loadLibrary();
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: connectMs, reconnectStrategy: (tries) => Math.min(50 * tries, 1000) },
  });
  const listener = client.duplicate({ disableOfflineQueue: false });
  const hearers = new Set<() => void>();
  let hadError = false;
  let trips = 0;
  for (const each of [client, listener]) {
    each.on('error', (error: Error) => {
      // One line per outage, not one per try.
      if (!hadError) log.warn('limiter.redis_lost', errorFields(error));
      hadError = true;
    });
  }
  client.on('ready', () => {
    if (hadError) log.info('limiter.redis_back');
    hadError = false;
    for (const hear of hearers) hear();
  });
  const first = Promise.all([client.connect(), listener.connect()]).catch(() => undefined);
  await within(first, connectMs);

  function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      // What came while this process stood still is read before anybody is given up.
      const giveUp = () => setImmediate(() => resolve(undefined));
      const cancel = clock.setTimer(ms, giveUp);
      work.then(resolve, reject).finally(cancel);
    });
  }

  async function ask<T>(work: () => Promise<T>): Promise<T> {
    trips += 1;
    const answer = await within(work(), patienceMs);
    if (answer === undefined) throw new Error(`Redis did not answer within ${patienceMs} ms`);
    return answer;
  }

  async function evaluate(key: string, input: string): Promise<string> {
    const given = { keys: [key], arguments: [input] };
    try {
      return String(await client.fCall(library.name, given));
    } catch (error) {
      // A new server, or one that was restarted without its memory.
      if (!(error instanceof Error && error.message.includes('Function not found'))) throw error;
      trips += 2;
      await client.functionLoad(library.source, { REPLACE: true });
      return String(await client.fCall(library.name, given));
    }
  }

  return {
    ready: () => client.isReady,
    run: (key, input) => ask(() => evaluate(key, input)),
    async time() {
      const [seconds, micros] = await ask(() => client.sendCommand<[string, string]>(['TIME']));
      return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    },
    subscribe: (channel, hear) => listener.subscribe(channel, hear),
    onReady: (hear) => void hearers.add(hear),
    trips: () => trips,
    async close() {
      for (const each of [client, listener]) if (each.isOpen) each.destroy();
    },
  };
}
