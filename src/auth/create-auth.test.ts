import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import fc from 'fast-check';
import { createTestStore } from '../../test/database.ts';
import { seedTenant } from '../../test/seed-tenant.ts';
import { silentLog } from '../platform/log.ts';
import { createManualClock, type ManualClock } from '../platform/manual-clock.ts';
import type { Store } from '../platform/store/store.ts';
import type { Administrator, Auth } from './auth.ts';
import { createAuth } from './create-auth.ts';

const secretKey = Buffer.alloc(32, 7);
const admin: Administrator = { tenantId: 'default', role: 'admin' };
const member: Administrator = { tenantId: 'default', role: 'member' };

interface Bench {
  store: Store;
  clock: ManualClock;
  auth: Auth;
  /** Auth as another process on the same store has it. */
  elsewhere: (key?: Buffer) => Auth;
}

async function bench(t: TestContext): Promise<Bench> {
  const store = await createTestStore(t);
  const clock = createManualClock();
  const elsewhere = (key: Buffer = secretKey) =>
    createAuth({ store, clock, log: silentLog, secretKey: key });
  return { store, clock, auth: elsewhere(), elsewhere };
}

const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });
const refused = { code: 'unauthenticated', status: 401 };

test('a key says which tenant calls, with which role', async (t) => {
  const { auth } = await bench(t);
  const { key, id } = await auth.createKey(admin, { name: 'ci', role: 'member' });
  assert.deepEqual(await auth.authenticate({ 'x-api-key': key }), {
    tenantId: 'default',
    userId: null,
    keyId: id,
    role: 'member',
    name: 'ci',
    method: 'key',
  });
});

test('neither the store nor a list holds a key', async (t) => {
  const { store, auth } = await bench(t);
  const { key } = await auth.createKey(admin, { name: 'ci', role: 'member' });
  const rows = await store.transaction('system', (tx) =>
    tx.query(`SELECT keys::text AS row FROM keys`),
  );
  const listed = await auth.listKeys(admin, {});
  for (const text of [JSON.stringify(rows), JSON.stringify(listed)]) {
    assert.ok(text.includes(key.slice(0, 12)));
    assert.ok(!text.includes(key.slice(12)) && !text.includes(Buffer.from(key).toString('hex')));
  }
});

test('a key made with another secret key is unknown here', async (t) => {
  const { auth, elsewhere } = await bench(t);
  const { key } = await elsewhere(Buffer.alloc(32, 8)).createKey(admin, {
    name: 'ci',
    role: 'admin',
  });
  await assert.rejects(auth.authenticate(bearer(key)), refused);
});

test('a revoked key is refused here at once, and elsewhere within five seconds', async (t) => {
  const { auth, elsewhere, clock } = await bench(t);
  const other = elsewhere();
  const { key, id } = await auth.createKey(admin, { name: 'ci', role: 'admin' });
  await auth.authenticate(bearer(key));
  await other.authenticate(bearer(key));
  await auth.revokeKey(admin, id);
  await assert.rejects(auth.authenticate(bearer(key)), refused);
  await clock.advance(5_000);
  await assert.rejects(other.authenticate(bearer(key)), refused);
});

test('using a key is noted', async (t) => {
  const { auth } = await bench(t);
  const { key, last_used_at } = await auth.createKey(admin, { name: 'ci', role: 'admin' });
  assert.equal(last_used_at, null);
  await auth.authenticate(bearer(key));
  const [listed] = (await auth.listKeys(admin, {})).items;
  assert.match(listed?.last_used_at ?? '', /^\d{4}-.*Z$/);
});

test('whatever a stranger sends, the answer is the same refusal', async (t) => {
  const { auth } = await bench(t);
  const part = fc.stringMatching(/^[\w-]{1,40}$/);
  const hostile = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.string({ unit: 'binary', minLength: 1 }),
    fc
      .tuple(part, part)
      .map(([payload, signature]) => `eyJhbGciOiJub25lIn0.${payload}.${signature}`),
    part.map((text) => `hr_live_${text}`),
    fc.constantFrom(`' OR 1=1 --`, `"; DROP TABLE keys; --`, '\0', '%', '../../etc/passwd'),
  );
  const header = fc.constantFrom('authorization', 'x-api-key', 'x-goog-api-key');
  await fc.assert(
    fc.asyncProperty(header, hostile, async (name, text) => {
      const value = name === 'authorization' ? `Bearer ${text}` : text;
      await assert.rejects(auth.authenticate({ [name]: value }), refused);
    }),
  );
});

test('a user exchanges name and password for a token that says who calls', async (t) => {
  const { auth } = await bench(t);
  const user = await auth.addUser(admin, {
    name: 'Lê An',
    password: 'correct horse',
    role: 'member',
  });
  const login = { name: 'Lê An'.normalize('NFD'), password: 'correct horse' };
  const { token, expiresIn } = await auth.issueToken(login);
  assert.equal(expiresIn, 3_600);
  assert.deepEqual(await auth.authenticate(bearer(token)), {
    tenantId: 'default',
    userId: user.id,
    keyId: null,
    role: 'member',
    name: 'Lê An',
    method: 'token',
  });
});

test('a wrong password, an unknown name and a disabled user are refused alike', async (t) => {
  const { auth } = await bench(t);
  await auth.addUser(admin, { name: 'an', password: 'correct horse', role: 'member' });
  const gone = await auth.addUser(admin, {
    name: 'gone',
    password: 'correct horse',
    role: 'member',
  });
  await auth.disableUser(admin, gone.id);
  const messages = [];
  for (const login of [
    { name: 'an', password: 'wrong horse' },
    { name: 'nobody', password: 'correct horse' },
    { name: 'gone', password: 'correct horse' },
    { name: 'a\0n', password: 'correct horse' },
  ]) {
    const failure = await auth.issueToken(login).catch((error: Error & { code: string }) => error);
    assert.ok('code' in failure);
    messages.push(`${failure.code}: ${failure.message}`);
  }
  assert.equal(new Set(messages).size, 1);
  assert.match(messages[0]!, /^unauthenticated/);
});

test('a disabled user’s token is refused here at once, and elsewhere within five seconds', async (t) => {
  const { auth, elsewhere, clock } = await bench(t);
  const other = elsewhere();
  const user = await auth.addUser(admin, { name: 'an', password: 'correct horse', role: 'member' });
  const { token } = await auth.issueToken({ name: 'an', password: 'correct horse' });
  await auth.authenticate(bearer(token));
  await other.authenticate(bearer(token));
  await auth.disableUser(admin, user.id);
  await assert.rejects(auth.authenticate(bearer(token)), refused);
  await clock.advance(5_000);
  await assert.rejects(other.authenticate(bearer(token)), refused);
});

test('two users of one name cannot be, in whatever spelling', async (t) => {
  const { auth } = await bench(t);
  const add = (name: string) =>
    auth.addUser(admin, { name, password: 'correct horse', role: 'member' });
  await add('Đỗ Ý'.normalize('NFC'));
  await assert.rejects(add('Đỗ Ý'.normalize('NFD')), { code: 'conflict', where: 'name' });
});

test('a user without a name, or with a short password, is refused', async (t) => {
  const { auth } = await bench(t);
  const add = (name: string, password: string) =>
    auth.addUser(admin, { name, password, role: 'member' });
  await assert.rejects(add(' ', 'correct horse'), { code: 'request_invalid', where: 'name' });
  await assert.rejects(add('an', '1234567'), { code: 'request_invalid', where: 'password' });
});

test('a member administers nothing', async (t) => {
  const { auth } = await bench(t);
  const key = await auth.createKey(admin, { name: 'ci', role: 'member' });
  const attempts = [
    () => auth.addUser(member, { name: 'an', password: 'correct horse', role: 'admin' }),
    () => auth.listUsers(member, {}),
    () => auth.disableUser(member, 'usr_1'),
    () => auth.createKey(member, { name: 'mine', role: 'admin' }),
    () => auth.listKeys(member, {}),
    () => auth.revokeKey(member, key.id),
  ];
  for (const attempt of attempts) await assert.rejects(attempt(), { code: 'forbidden' });
});

test('another tenant’s users and keys are neither listed nor touched', async (t) => {
  const { store, auth } = await bench(t);
  await seedTenant(store, 'acme');
  const stranger: Administrator = { tenantId: 'acme', role: 'admin' };
  const user = await auth.addUser(admin, { name: 'an', password: 'correct horse', role: 'member' });
  const { id, key } = await auth.createKey(admin, { name: 'ci', role: 'admin' });
  assert.deepEqual(
    (await auth.listKeys(stranger, {})).items.map(({ name }) => name),
    ['k'],
  );
  const listed = (await auth.listUsers(stranger, {})).items;
  assert.ok(listed.length === 1 && listed[0]!.id !== user.id);
  await assert.rejects(auth.revokeKey(stranger, id), { code: 'not_found' });
  await assert.rejects(auth.disableUser(stranger, user.id), { code: 'not_found' });
  assert.equal((await auth.authenticate(bearer(key))).keyId, id);
});

test('pages of a list hold every entry once, newest first', async (t) => {
  const { auth } = await bench(t);
  const made: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    made.unshift((await auth.createKey(admin, { name: `k${index}`, role: 'member' })).id);
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await auth.listKeys(admin, { cursor, limit: 2 });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  assert.deepEqual(seen, made);
  await assert.rejects(auth.listKeys(admin, { cursor: 'made up' }), {
    code: 'request_invalid',
    where: 'cursor',
  });
});
