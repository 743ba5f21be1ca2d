import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Store } from '../platform/store/store.ts';
import type { Passwords } from './passwords.ts';
import type { VerifiedCache } from './verified-cache.ts';

/** What the verbs of this room share. */
export interface AuthContext {
  store: Store;
  clock: Clock;
  log: Log;
  /** Mixed into every stored hash of a key, so that a copy of the database alone tests no guess. */
  pepper: Buffer;
  /** Signs tokens (HS256). */
  tokenKey: Buffer;
  passwords: Passwords;
  verified: VerifiedCache;
  /** Hashes of keys that this process alone accepts, as an administrator. */
  lent: Set<string>;
}

/** Users and keys belong to it until tenants can be made. */
export const defaultTenant = 'default';
