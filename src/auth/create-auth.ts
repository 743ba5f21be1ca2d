import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { deriveKey } from '../platform/secret-key.ts';
import type { Store } from '../platform/store/store.ts';
import { addUser } from './add-user.ts';
import type { Auth } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { authenticate } from './authenticate.ts';
import { createKey } from './create-key.ts';
import { disableUser } from './disable-user.ts';
import { ensureAdminKey } from './ensure-admin-key.ts';
import { issueToken } from './issue-token.ts';
import { listKeys } from './list-keys.ts';
import { listUsers } from './list-users.ts';
import { createPasswords } from './passwords.ts';
import { revokeKey } from './revoke-key.ts';
import { createVerifiedCache } from './verified-cache.ts';

export interface AuthDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** The installation's 32 bytes, of which this room derives its own keys. */
  secretKey: Buffer;
}

export function createAuth({ store, clock, log, secretKey }: AuthDeps): Auth {
  const context: AuthContext = {
    store,
    clock,
    log,
    pepper: deriveKey(secretKey, 'keys-pepper'),
    tokenKey: deriveKey(secretKey, 'tokens'),
    passwords: createPasswords(),
    verified: createVerifiedCache(clock),
    lent: new Set(),
  };
  return {
    authenticate: (headers) => authenticate(context, headers),
    issueToken: (login) => issueToken(context, login),
    addUser: (admin, user) => addUser(context, admin, user),
    listUsers: (admin, page) => listUsers(context, admin, page),
    disableUser: (admin, userId) => disableUser(context, admin, userId),
    createKey: (admin, key) => createKey(context, admin, key),
    listKeys: (admin, page) => listKeys(context, admin, page),
    revokeKey: (admin, keyId) => revokeKey(context, admin, keyId),
    ensureAdminKey: (input) => ensureAdminKey(context, input),
  };
}
