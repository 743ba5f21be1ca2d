import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { eventually } from '../../test/eventually.ts';
import { answers, fails, fakeAccounts, type Reply } from '../../test/fake-upstream.ts';
import { openFakeDispatch } from '../../test/open-fake-dispatch.ts';

const limits = [
  { models: ['*'], rpm: null, rpd: null, tpm: null, itpm: null, otpm: null, concurrency: 1 },
];

/** One account that may have one call out, and a call that has it until `release` says how it ends. */
async function openBusy(t: TestContext) {
  const opened = await openFakeDispatch(t, {
    allow: ['127.0.0.0/8'],
    accounts: ({ url }) => fakeAccounts(url, 'a').map((account) => ({ ...account, limits })),
  });
  const { store, upstream, call, dispatch } = opened;
  await store.transaction('system', (tx) => tx.query("UPDATE accounts SET managed_by = 'api'"));
  await dispatch.reload();
  const { promise, resolve: release } = Promise.withResolvers<Reply>();
  t.after(() => release(answers()));
  const keys: string[] = [];
  const first: Reply = async (response, asked) => {
    const reply = await promise;
    await reply(response, asked);
  };
  upstream.script(first, (response, asked) => {
    keys.push(asked.key);
    return answers()(response, asked);
  });
  const busy = call();
  busy.catch(() => undefined);
  await eventually(() => assert.equal(upstream.arrived(), 1));
  return { ...opened, busy, release, keys };
}

it('sends a call that waited with the key that the account has by then', async (t) => {
  const { dispatch, call, busy, release, keys } = await openBusy(t);
  const waiting = call();
  await dispatch.accounts.rotateCredential('a', {
    old: 'k1',
    credential: { id: 'k2', secret: 'new-secret' },
    overlapMs: 0,
  });
  release(answers());
  await busy;
  assert.equal((await waiting).accountId, 'a');
  assert.deepEqual(keys, ['new-secret']);
});

it('sends a call that waits to an account that is added meanwhile', async (t) => {
  const { dispatch, call, busy, release, upstream } = await openBusy(t);
  const waiting = call();
  await dispatch.accounts.add(
    [
      {
        id: 'b',
        provider: 'fake',
        owner_email: 'an@example.com',
        base_url: upstream.url,
        models: ['m'],
        credentials: [{ id: 'k1', secret: 'secret-of-b' }],
        limits,
      },
    ],
    { dryRun: false, alone: false },
  );
  assert.equal((await waiting).accountId, 'b');
  release(answers());
  await busy;
});

it('asks another account where a key was revoked that this process has not heard of', async (t) => {
  const { store, call, attempts } = await openFakeDispatch(t);
  await store.transaction('system', (tx) =>
    tx.query(`UPDATE credentials SET revoked_at = headrace_now() WHERE account_id = 'a'`),
  );
  assert.equal((await call()).accountId, 'b');
  assert.deepEqual(
    (await attempts()).map(({ account_id, outcome }) => [account_id, outcome]),
    [['b', 'succeeded']],
  );
});

it('does not hold an account back for the refusal of a key that was replaced meanwhile', async (t) => {
  const { dispatch, busy, release, keys } = await openBusy(t);
  await dispatch.accounts.rotateCredential('a', {
    old: 'k1',
    credential: { id: 'k2', secret: 'new-secret' },
    overlapMs: 0,
  });
  release(fails(401, { code: 'invalid_api_key' }));
  assert.equal((await busy).accountId, 'a');
  assert.deepEqual(keys, ['new-secret']);
  const { state, pauses } = await dispatch.accounts.read('a');
  assert.deepEqual([state, pauses], ['active', []]);
});
