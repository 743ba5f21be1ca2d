import { escapeLiteral, type PoolClient } from 'pg';
import { HeadraceError } from '../errors/headrace-error.ts';
import type { Row, Scope, Tx } from './store.ts';

/** Tells that nothing was done yet, so that the caller may try with another connection. */
export class TransactionNotOpened extends Error {
  override readonly name = 'TransactionNotOpened';
}

export interface TransactionTerms {
  scope: Scope;
  /** The role to act as where the connection's own is above row-level security. */
  role: string | null;
  /** Whether the connection keeps the plans of its statements. */
  prepare: boolean;
  /** Whether COMMIT waits for the disk. */
  durable: boolean;
}

export interface TransactionInput<T> extends TransactionTerms {
  work: (tx: Tx) => Promise<T>;
}

/** One attempt on a connection that is the caller's alone; where it throws, the caller rolls back. */
export async function runTransaction<T>(
  client: PoolClient,
  input: TransactionInput<T>,
): Promise<T> {
  try {
    await client.query(opening(input));
  } catch (error) {
    throw new TransactionNotOpened('The transaction was not opened.', { cause: error });
  }
  const { tx, end } = openTx(client, input.prepare);
  const value = await input.work(tx).finally(end);
  await commit(client);
  return value;
}

/**
 * One round trip. Everything is set for this transaction only: a session setting would outlive it on a
 * pooled connection, and hand one tenant's scope to the next where a pooler shares sessions.
 */
function opening({ scope, role, durable }: TransactionTerms): string {
  const tenantId = scope === 'system' ? '' : scope.tenantId;
  if (scope !== 'system' && (tenantId === '' || tenantId.includes('\0'))) {
    throw new HeadraceError('internal', { message: 'A transaction was scoped to no tenant.' });
  }
  const settings: [string, string][] = [
    ['search_path', 'headrace, pg_temp'],
    ['headrace.scope', scope === 'system' ? 'system' : 'tenant'],
    ['headrace.tenant_id', tenantId],
    // An abandoned transaction would hold its locks, and vacuum back, for ever.
    ['idle_in_transaction_session_timeout', '60s'],
  ];
  if (role !== null) settings.push(['role', role]);
  if (!durable) settings.push(['synchronous_commit', 'off']);
  const calls = settings.map(
    ([name, value]) => `set_config(${escapeLiteral(name)}, ${escapeLiteral(value)}, true)`,
  );
  return `BEGIN; SELECT ${calls.join(', ')}`;
}

const names = new Map<string, string>();
/** Our texts are constants, some hundreds; one that was put together at run time must not fill the server. */
const mostNames = 500;

/** The name under which a connection keeps this text's plan; `undefined`: not kept. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= mostNames) return known;
  const name = `h${names.size}`;
  names.set(text, name);
  return name;
}

function openTx(client: PoolClient, prepare: boolean): { tx: Tx; end: () => Promise<void> } {
  let open = true;
  let last: Promise<unknown> = Promise.resolve();
  const tx: Tx = {
    query<R extends object = Row>(text: string, values: readonly unknown[] = []): Promise<R[]> {
      if (!open) {
        // Without this a query that nobody awaited would run inside the next owner's transaction.
        const message = 'A query was sent after its transaction had ended.';
        return Promise.reject(new HeadraceError('internal', { message }));
      }
      // One at a time: queries started together are queued here, not on the connection.
      const name = prepare ? nameOf(text) : undefined;
      const query = { text, values: [...values], ...(name === undefined ? {} : { name }) };
      const answer = last.then(async () => (await client.query<R>(query)).rows);
      last = answer.catch(() => undefined);
      return answer;
    },
  };
  const end = async () => {
    open = false;
    await last;
  };
  return { tx, end };
}

async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  // PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK and no error: work that swallowed
  // a query's error would otherwise believe that it was stored.
  if (command !== 'COMMIT') {
    throw new HeadraceError('internal', {
      message: 'The transaction was rolled back because a query in it had failed.',
    });
  }
}
