import { Pool, type PoolClient } from 'pg';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { HeadraceError } from '../errors/headrace-error.ts';
import { errorFields, type Log } from '../log.ts';
import { connectionConfig } from './connection.ts';
import { openDedicatedSession } from './dedicated-session.ts';
import { createNotifier } from './notifier.ts';
import { runTransaction, TransactionNotOpened, type TransactionTerms } from './run-transaction.ts';
import { findRuntimeRole } from './runtime-role.ts';
import type { Channel, Store, Tx } from './store.ts';
import { isConnectionLoss, isTransactionConflict, toStoreError } from './store-failure.ts';

export interface OpenStoreInput {
  url: string;
  log: Log;
  /** Connections besides the one that hears hints; 10 where omitted. */
  poolSize?: number;
  /**
   * Keeps prepared statements, which halves the time of a short transaction. Off where omitted: a
   * pooler in transaction mode before PgBouncer 1.21 does not carry them.
   */
  prepare?: boolean;
  clock?: Clock;
}

const defaultPoolSize = 10;
const maxAttempts = 6;

/** Opens a migrated database. Throws `store_unavailable` where it does not answer. */
export async function openStore(input: OpenStoreInput): Promise<Store> {
  const { url, log, clock = systemClock, prepare = false } = input;
  const hearers = new Map<Channel, Set<(payload: string) => void>>();
  const hear = (channel: Channel, payload: string) => {
    for (const hearer of hearers.get(channel) ?? []) callHearer(hearer, payload, log);
  };
  const pool = openPool(url, log, input.poolSize ?? defaultPoolSize);
  const query = (text: string, values: unknown[]) => pool.query(text, values);
  const notifier = createNotifier({ log, query, hear });
  const session = await openDedicatedSession({ url, log, clock, hear: notifier.receive }).catch(
    async (error: unknown) => {
      await pool.end();
      throw error;
    },
  );
  const role = await findRuntimeRole(pool).catch(async (error: unknown) => {
    await Promise.all([session.close(), pool.end()]);
    throw toStoreError(error);
  });
  let closing: Promise<unknown> | undefined;

  return {
    transaction: (scope, work, options = {}) =>
      transact({ pool, clock, scope, role, prepare, durable: options.durable ?? true }, work),
    notify: notifier.notify,
    listen(channel, hearer) {
      const channelHearers = hearers.get(channel) ?? new Set();
      hearers.set(channel, channelHearers.add(hearer));
      return () => channelHearers.delete(hearer);
    },
    holdsInstanceLock: session.holdsInstanceLock,
    takeInstanceLock: session.takeInstanceLock,
    ping: (timeoutMs = 2_000) => ping(pool, clock, timeoutMs),
    close() {
      closing ??= notifier.close().then(() => Promise.all([session.close(), pool.end()]));
      return closing.then(() => undefined);
    },
  };
}

function openPool(url: string, log: Log, size: number): Pool {
  const pool = new Pool({ ...connectionConfig(url), max: size });
  pool.on('error', (error) => log.debug('store.connection_lost', errorFields(error)));
  // The pool listens only to idle connections; one that breaks while it is lent would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

interface TransactDeps extends TransactionTerms {
  pool: Pool;
  clock: Clock;
}

async function transact<T>(deps: TransactDeps, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptTransaction(deps, work);
    } catch (error) {
      const unopened = error instanceof TransactionNotOpened;
      const again = isTransactionConflict(error) || (unopened && isConnectionLoss(error.cause));
      if (!again || attempt === maxAttempts) throw toStoreError(unopened ? error.cause : error);
      // Full jitter, so that those who met do not meet again: up to 5, 10, 20 … ms.
      await sleep(deps.clock, Math.random() * 5 * 2 ** (attempt - 1));
    }
  }
}

async function attemptTransaction<T>(deps: TransactDeps, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await deps.pool.connect();
  let broken = false;
  try {
    return await runTransaction(client, { ...deps, work });
  } catch (error) {
    broken = !(await rollBack(client));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Whether the connection is fit for the pool again: it answers, and no transaction is open on it. */
async function rollBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

async function ping(pool: Pool, clock: Clock, timeoutMs: number): Promise<void> {
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = clock.setTimer(timeoutMs, () => {
      const message = `The database did not answer within ${timeoutMs} ms.`;
      reject(new HeadraceError('store_unavailable', { message }));
    });
  });
  try {
    await Promise.race([pool.query('SELECT 1'), late]);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    cancel();
  }
}

function callHearer(hearer: (payload: string) => void, payload: string, log: Log): void {
  try {
    hearer(payload);
  } catch (error) {
    log.error('store.hearer_failed', errorFields(error));
  }
}
