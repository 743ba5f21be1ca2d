import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatch } from '../dispatch/index.ts';
import type { Orchestration, Principal } from '../orchestration/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Store } from '../platform/store/store.ts';

export interface GatewayDeps {
  orchestration: Orchestration;
  dispatch: Dispatch;
  auth: GatewayAuth;
  store: Store;
  clock: Clock;
  log: Log;
  /** The accounts of every pool, in the order in which they are to be listed. */
  listAccounts(): Promise<AccountListing[]>;
  /** What else `/readyz` asks beside the store: each resolves to what is missing, or `null`. */
  readiness?: readonly (() => Promise<string | null>)[];
  /** Milliseconds that requests in flight may still take when the gateway closes; 10,000 where omitted. */
  graceMs?: number;
}

/** What the gateway asks of the auth room. */
export interface GatewayAuth {
  /** Finds who sent these headers; throws `unauthenticated`. */
  authenticate(headers: IncomingHttpHeaders): Promise<Authenticated>;
  /** Throws `unauthenticated` for an unknown name and a wrong password alike. */
  issueToken(login: { name: string; password: string }): Promise<IssuedToken>;
  addUser(principal: Principal, user: NewUser): Promise<UserListing>;
  listUsers(principal: Principal, page: ListRequest): Promise<ListPage<UserListing>>;
  disableUser(principal: Principal, userId: string): Promise<void>;
  createKey(principal: Principal, key: NewKey): Promise<KeyListing & { key: string }>;
  listKeys(principal: Principal, page: ListRequest): Promise<ListPage<KeyListing>>;
  revokeKey(principal: Principal, keyId: string): Promise<void>;
}

export interface Authenticated extends Principal {
  /** How it was proved: `key` or `token`. */
  method: string;
}

export interface IssuedToken {
  token: string;
  /** Seconds. */
  expiresIn: number;
}

export interface NewUser {
  name: string;
  password: string;
  role: 'admin' | 'member';
}

export interface NewKey {
  name: string;
  role: 'admin' | 'member';
}

export interface ListRequest {
  cursor?: string | undefined;
  limit?: number | undefined;
}

export interface ListPage<T> {
  items: T[];
  next_cursor: string | null;
}

export interface UserListing {
  id: string;
  name: string;
  role: 'admin' | 'member';
  /** ISO 8601, as every time of these listings. */
  created_at: string;
  disabled_at: string | null;
}

export interface KeyListing {
  id: string;
  name: string;
  /** The beginning of the key, by which a person recognises it. */
  prefix: string;
  role: 'admin' | 'member';
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

/** An account as administrators see it: never a secret, not even a part of one. */
export interface AccountListing {
  id: string;
  provider: string;
  managed_by: string;
  owner_email: string | null;
  entitlement: string | null;
  models: string[];
  state: string;
  /** When the state ends by itself, where it does. */
  state_until: string | null;
  simulated: boolean;
}
