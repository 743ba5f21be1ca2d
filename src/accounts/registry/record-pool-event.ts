import type { JsonObject } from '../../platform/json.ts';
import type { Tx } from '../../platform/store/store.ts';

export type PoolEventType =
  | 'account.added'
  | 'account.changed'
  | 'account.removed'
  | 'account.held_back'
  | 'account.took_back'
  | 'account.enabled'
  | 'account.foreign_use_began'
  | 'account.foreign_use_ended'
  | 'account.draining'
  | 'account.disabled'
  | 'credential.added'
  | 'credential.rotated'
  | 'credential.revoked'
  | 'credential.retired'
  | 'credential.refused'
  | 'credential.accepted'
  | 'provider.drained'
  | 'provider.resumed'
  | 'breaker.opened'
  | 'breaker.closed';

export interface NewPoolEvent {
  type: PoolEventType;
  provider: string;
  accountId?: string;
  /** Holds no secret. */
  data?: JsonObject;
}

/** Records what happened to the pools, in the transaction in which it happens. */
export async function recordPoolEvent(tx: Tx, event: NewPoolEvent): Promise<void> {
  await tx.query(
    'INSERT INTO pool_events (type, provider, account_id, data) VALUES ($1, $2, $3, $4::jsonb)',
    [event.type, event.provider, event.accountId ?? null, JSON.stringify(event.data ?? {})],
  );
}
