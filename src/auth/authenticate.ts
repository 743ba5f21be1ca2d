import type { IncomingHttpHeaders } from 'node:http';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Principal } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { readCredential } from './read-credential.ts';
import { verifyKey } from './verify-key.ts';
import { looksLikeToken, verifyToken } from './verify-token.ts';

/** Steps ② and ③: finds who is behind a request. Throws `unauthenticated`, the same for every reason. */
export async function authenticate(
  context: AuthContext,
  headers: IncomingHttpHeaders,
): Promise<Principal> {
  const credential = readCredential(headers);
  if (credential === undefined) throw new HeadraceError('unauthenticated');
  const known = context.verified.read(credential);
  if (known !== undefined) return known;
  const verified =
    (looksLikeToken(credential) ? await verifyToken(context, credential) : undefined) ??
    (await verifyKey(context, credential));
  if (verified === undefined) throw new HeadraceError('unauthenticated');
  context.verified.keep(credential, verified.principal, verified.expiresAt);
  return verified.principal;
}
