import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { SignJWT } from 'jose';
import { createTestStore } from '../../test/database.ts';
import { silentLog } from '../platform/log.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import { deriveKey } from '../platform/secret-key.ts';
import { createAuth } from './create-auth.ts';

const secretKey = Buffer.alloc(32, 7);
const tokenKey = deriveKey(secretKey, 'tokens');
const refused = { code: 'unauthenticated' };

async function bench(t: TestContext) {
  const store = await createTestStore(t);
  const clock = createManualClock();
  const auth = createAuth({ store, clock, log: silentLog, secretKey });
  const user = await auth.addUser(
    { tenantId: 'default', role: 'admin' },
    { name: 'an', password: 'correct horse', role: 'admin' },
  );
  const authenticate = (token: string) => auth.authenticate({ authorization: `Bearer ${token}` });
  return { store, clock, auth, user, authenticate };
}

/** A token as ours is, but for what a test changes. */
function forge(
  sub: string,
  nowMs: number,
  change: { header?: object; claims?: object; key?: Buffer } = {},
): Promise<string> {
  const now = Math.floor(nowMs / 1000);
  const claims = { iss: 'headrace', aud: 'headrace-api', sub, iat: now, exp: now + 60 };
  return new SignJWT({ ...claims, ...change.claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...change.header })
    .sign(change.key ?? tokenKey);
}

test('a token ends after its hour, even where it was accepted a moment before', async (t) => {
  const { clock, auth, authenticate } = await bench(t);
  const { token } = await auth.issueToken({ name: 'an', password: 'correct horse' });
  await clock.advance(3_599_000);
  assert.equal((await authenticate(token)).name, 'an');
  await clock.advance(1_000);
  await assert.rejects(authenticate(token), refused);
});

test('only a token of our issuer, audience, kind and key is accepted', async (t) => {
  const { clock, user, authenticate } = await bench(t);
  const now = clock.now();
  assert.equal((await authenticate(await forge(user.id, now))).userId, user.id);
  const changes = {
    'another issuer': { claims: { iss: 'somebody' } },
    'another audience': { claims: { aud: 'headrace-web' } },
    'no audience': { claims: { aud: undefined } },
    'no end': { claims: { exp: undefined } },
    'no subject': { claims: { sub: undefined } },
    'an unknown subject': { claims: { sub: 'usr_unknown' } },
    'an end in the past': { claims: { exp: Math.floor(now / 1000) - 1 } },
    'another kind of token': { header: { typ: 'JWT' } },
    'another algorithm': { header: { alg: 'HS512' } },
    'another key': { key: deriveKey(Buffer.alloc(32, 8), 'tokens') },
    'the pepper of keys': { key: deriveKey(secretKey, 'keys-pepper') },
  };
  for (const [name, change] of Object.entries(changes)) {
    await assert.rejects(authenticate(await forge(user.id, now, change)), refused, name);
  }
});

test('a token without a signature, or with its signature cut off, is refused', async (t) => {
  const { clock, user, authenticate } = await bench(t);
  const token = await forge(user.id, clock.now());
  const [, payload, signature] = token.split('.');
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  for (const forged of [
    `${none}.${payload}.`,
    `${none}.${payload}.${signature}`,
    token.slice(0, -2),
  ]) {
    await assert.rejects(authenticate(forged), refused);
  }
});

test('a token gives the role that its user has now, not the one it was issued with', async (t) => {
  const { store, clock, auth, authenticate } = await bench(t);
  const { token } = await auth.issueToken({ name: 'an', password: 'correct horse' });
  assert.equal((await authenticate(token)).role, 'admin');
  await store.transaction('system', (tx) => tx.query(`UPDATE users SET role = 'member'`));
  await clock.advance(5_000);
  assert.equal((await authenticate(token)).role, 'member');
});
