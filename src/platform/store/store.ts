import type { JsonObject } from '../json.ts';
import type { EventType } from '../steps.ts';

/** A row as PostgreSQL returns it: int8 and numeric as `number` (all ours fit 2^53), timestamptz as `Date`, jsonb parsed. */
export type Row = Record<string, unknown>;

/** One open transaction. Parameters are always bound (`$1`), never spliced into the text. */
export interface Tx {
  query<R extends object = Row>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

/**
 * Whose rows a transaction may touch. A tenant's scope is enforced by row-level security;
 * `system` is for workers, orchestrators and sweepers, never for a client's request.
 */
export type Scope = 'system' | { tenantId: string };

export interface TransactionOptions {
  /**
   * `false`: a crash of the database may lose it, though never what was committed durably after it. For
   * what is harmless to lose and not promised to anyone: holds, acknowledgements, signs of life. No event.
   */
  durable?: boolean;
}

/** The one store port: PostgreSQL, embedded or shared. Fails with `store_unavailable`, `store_disk_full`. */
export interface Store {
  /**
   * Runs `work` in one transaction and commits it; rolls back where it throws.
   * Serialization failures and deadlocks are retried, so `work` must have no effect outside the transaction.
   */
  transaction<T>(
    scope: Scope,
    work: (tx: Tx) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;
  /**
   * A hint that something changed; sent after commit, coalesced, may be lost. Heard in this process at
   * the end of the turn, in others after a way over the database. Payload at most 200 bytes.
   */
  notify(channel: Channel, payload: string): void;
  /** Hears the hints of every process on this store. Returns the way to stop hearing. */
  listen(channel: Channel, hear: (payload: string) => void): () => void;
  /** Whether this process holds the store's instance lock, without which a limiter in process may not admit. */
  holdsInstanceLock(): boolean;
  /** Tries to take the instance lock where nobody holds it. */
  takeInstanceLock(): Promise<boolean>;
  /** Answers within `timeoutMs` or throws `store_unavailable`. */
  ping(timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** `run`: payload is the run's id, new events. `task`: tasks may be claimable. `advance`: a run can advance. `cancel`: payload is the run's id. `accounts`: accounts or providers were changed by hand. */
export type Channel = 'run' | 'task' | 'advance' | 'cancel' | 'accounts';

/** What is recorded about a run; `data` holds no secret and at most 64 KiB. */
export interface NewEvent {
  type: EventType;
  taskId?: string | undefined;
  attemptId?: string | undefined;
  data?: JsonObject;
}

/** A recorded event; `number` counts from 1 per run, in commit order, without gaps. */
export interface RunEvent {
  number: number;
  run_id: string;
  /** Milliseconds since the epoch, by the database's clock. */
  at: number;
  type: EventType;
  step: number | null;
  task_id: string | null;
  attempt_id: string | null;
  data: JsonObject;
}
