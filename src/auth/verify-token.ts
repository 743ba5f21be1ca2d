import { errors, jwtVerify } from 'jose';
import type { Role } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { tokenClaims } from './token-claims.ts';
import type { Verified } from './verify-key.ts';

/** Whether a credential has the three parts of a JWT. */
export function looksLikeToken(credential: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(credential);
}

/**
 * Whose token this is; `undefined` for one that is not ours, has expired, or whose user was disabled.
 * Tenant and role are read from the store: a token outlives what it once said about its user.
 */
export async function verifyToken(
  context: AuthContext,
  token: string,
): Promise<Verified | undefined> {
  const claims = await readClaims(context, token);
  if (claims === undefined) return undefined;
  const [user] = await context.store.transaction('system', (tx) =>
    tx.query<{ tenant_id: string; name: string; role: Role }>(
      'SELECT tenant_id, name, role FROM users WHERE id = $1 AND disabled_at IS NULL',
      [claims.userId],
    ),
  );
  if (user === undefined) return undefined;
  const { tenant_id: tenantId, name, role } = user;
  return {
    principal: { tenantId, userId: claims.userId, keyId: null, role, name, method: 'token' },
    expiresAt: claims.expiresAt,
  };
}

async function readClaims(
  { tokenKey, clock }: AuthContext,
  token: string,
): Promise<{ userId: string; expiresAt: number } | undefined> {
  try {
    const { payload } = await jwtVerify(token, tokenKey, {
      // Pinned: a token must not choose how it is checked.
      algorithms: [tokenClaims.algorithm],
      typ: tokenClaims.type,
      issuer: tokenClaims.issuer,
      audience: tokenClaims.audience,
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(clock.now()),
    });
    const { sub, exp } = payload;
    return sub === undefined || exp === undefined
      ? undefined
      : { userId: sub, expiresAt: exp * 1000 };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
