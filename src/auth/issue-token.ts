import { SignJWT } from 'jose';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { IssuedToken, Login } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { normalizeName } from './normalize-name.ts';
import { tokenClaims } from './token-claims.ts';

const lifetimeSeconds = 3_600;

/** Exchanges a name and password for a token that is good for an hour. */
export async function issueToken(context: AuthContext, login: Login): Promise<IssuedToken> {
  const [user] = await context.store.transaction('system', (tx) =>
    tx.query<{ id: string; tenant_id: string; role: string; password_hash: string }>(
      `SELECT id, tenant_id, role, password_hash FROM users WHERE name = $1 AND disabled_at IS NULL`,
      [normalizeName(login.name)],
    ),
  );
  // Also without a user: the time that the answer takes must not tell which names exist.
  const proved = await context.passwords.verify(login.password, user?.password_hash);
  if (user === undefined || !proved) {
    throw new HeadraceError('unauthenticated', {
      message: 'The user name or the password is wrong.',
      fix: 'An administrator can add users with "headrace users add NAME".',
    });
  }
  const now = Math.floor(context.clock.now() / 1000);
  const token = await new SignJWT({ tenant: user.tenant_id, role: user.role })
    .setProtectedHeader({ alg: tokenClaims.algorithm, typ: tokenClaims.type })
    .setIssuer(tokenClaims.issuer)
    .setAudience(tokenClaims.audience)
    .setSubject(user.id)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(context.tokenKey);
  return { token, expiresIn: lifetimeSeconds };
}
