import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { createTestStore } from '../../../test/database.ts';
import { readAccountList } from '../../platform/config/read-account-list.ts';
import { type HeadraceError, isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { createUpstreamPolicy } from '../../platform/upstream-address.ts';
import { loadAccounts } from '../load-accounts.ts';
import { syncAccounts } from '../sync-accounts.ts';
import { createVault } from '../vault.ts';
import { addAccounts } from './add-accounts.ts';
import { addCredential } from './add-credential.ts';
import { readPoolEvents } from './read-pool-events.ts';
import { readForeignUse, recordForeignUse } from './record-foreign-use.ts';
import { removeAccount } from './remove-account.ts';
import { revokeCredential } from './revoke-credential.ts';
import { rotateCredential } from './rotate-credential.ts';
import { setAccountState } from './set-account-state.ts';

const vault = createVault(Buffer.alloc(32, 1));
const providers = ['openai', 'anthropic', 'gemini', 'deepseek', 'qwen', 'vllm'];

async function open(t: TestContext) {
  const store = await createTestStore(t);
  const read = (written: readonly unknown[]) =>
    readAccountList(written, { policy: createUpstreamPolicy([]), providers });
  return {
    store,
    add: (...written: unknown[]) => addAccounts({ store, vault }, read(written), { dryRun: false }),
    check: (...written: unknown[]) =>
      addAccounts({ store, vault }, read(written), { dryRun: true }),
    states: async () => (await loadAccounts(store)).map(({ id, state }) => [id, state]),
  };
}

function written(id: string, more: object = {}) {
  return {
    id,
    provider: 'deepseek',
    owner_email: 'an@example.com',
    credentials: [{ id: 'k1', secret: `sk-${id}` }],
    limits: [{ models: ['*'], rpm: 10, concurrency: 5 }],
    ...more,
  };
}

async function refusal(promise: Promise<unknown>): Promise<HeadraceError> {
  const error = await promise.then(
    () => assert.fail('it was taken'),
    (reason: unknown) => reason,
  );
  assert.ok(isHeadraceError(error), String(error));
  return error;
}

it('keeps the weight and the price of an account, declared or added, and follows the declaration', async (t) => {
  const { store, add } = await open(t);
  await add(written('added', { weight: 2.5, price_factor: 0.8 }), written('plain'));
  const declared = (weight: number) =>
    syncAccounts({ store, vault }, [
      {
        ...{ id: 'declared', provider: 'deepseek', ownerEmail: null, entitlement: null },
        ...{ baseUrl: null, models: [], limits: [], weight, priceFactor: 0 },
        credentials: [{ id: 'k1', secret: 'sk-declared' }],
        managedBy: 'file',
      },
    ]);
  const terms = async () =>
    (await loadAccounts(store)).map(({ id, weight, priceFactor }) => [id, weight, priceFactor]);
  await declared(3);
  assert.deepEqual(await terms(), [
    ['added', 2.5, 0.8],
    ['declared', 3, 0],
    ['plain', 1, 1],
  ]);
  await declared(4);
  assert.deepEqual((await terms())[1], ['declared', 4, 0]);
});

it('adds accounts all or none, and names every problem at its place without a secret', async (t) => {
  const { add, check, states } = await open(t);
  await add(written('known'));
  const error = await refusal(
    add(
      written('fine'),
      written('fine', { credentials: [{ id: 'k1', secret: 'sk-two' }] }),
      written('wrong', {
        provider: 'deepsek',
        limits: [
          { models: ['*'], rpm: 0, tpm: -5, itpm: 1.5 },
          { models: ['*'], concurrency: 5_000_000 },
        ],
      }),
      written('odd', {
        limits: [
          { models: ['*'], rpm: 10, rpd: 5, tpm: 10, otpm: 20 },
          { models: ['deepseek-flash'] },
        ],
      }),
      written('twin', { credentials: [{ id: 'k1', secret: 'sk-known' }] }),
      'not an account',
      written('typo', { limts: [], credentials: [{ id: 'k1', secret: 'with space' }] }),
    ),
  );
  assert.equal(error.code, 'account_invalid');
  assert.deepEqual(
    error.problems.map(({ where, message }) => `${where}: ${message.slice(where.length + 1)}`),
    [
      'accounts[1].id: repeats the id fine.',
      'accounts[2].limits[0].rpm: is 0.',
      'accounts[2].limits[0].tpm: is -5.',
      'accounts[2].limits[0].itpm: is 1.5.',
      'accounts[2].limits[1].concurrency: is 5000000.',
      'accounts[3].limits[0].rpd: is 5, less than the 10 requests of one minute (rpm).',
      'accounts[3].limits[0].otpm: is 20, more than the 10 tokens of input and output together (tpm).',
      'accounts[3].limits[1].models: names "deepseek-flash", which a rule before it names already.',
      'accounts[4].credentials[0].secret: is the same key as one of account known.',
      'accounts[5]: is the text "not an account".',
      'accounts[6].limts: is not a key that is known here.',
    ],
  );
  assert.ok(error.problems.every(({ fix }) => fix.length > 10));
  assert.doesNotMatch(JSON.stringify(error.problems), /sk-|with space/);
  await check(written('later'));
  assert.deepEqual(await states(), [['known', 'active']]);
});

it('refuses a second OpenAI account where either has no entitlement note, and says why', async (t) => {
  const { add } = await open(t);
  const openai = (id: string, more = {}) =>
    written(id, { provider: 'openai', limits: [], ...more });
  await add(openai('a'));
  const error = await refusal(add(openai('b', { entitlement: 'contract 2' })));
  assert.match(error.message, /is not enough, for a has none.*terms forbid several accounts/);
  assert.match(error.fix, /accounts change a --entitlement/);
  const both = await refusal(add(openai('b')));
  assert.deepEqual(
    both.problems.map(({ where }) => where),
    ['accounts[0].entitlement', 'accounts[0].entitlement'],
  );
  // Elsewhere it is a warning.
  await add(written('c'));
  const { warnings } = await add(written('d'));
  assert.match(warnings[0]?.message ?? '', /d is pooled with 1 more of deepseek/);
});

it('leaves declared accounts to their declaration, but takes an operator at his word', async (t) => {
  const { store, add, states } = await open(t);
  const declared = {
    id: 'file-a',
    provider: 'qwen',
    ownerEmail: null,
    entitlement: 'contract 1',
    baseUrl: null,
    models: [],
    credentials: [{ id: 'k1', secret: 'sk-file' }],
    limits: [],
    weight: 1,
    priceFactor: 1,
    managedBy: 'file',
  } as const;
  const sync = () =>
    syncAccounts({ store, vault }, [
      { ...declared, models: [], limits: [], credentials: [...declared.credentials] },
    ]);
  await sync();
  for (const attempt of [
    () => removeAccount(store, 'file-a'),
    () => addCredential({ store, vault }, 'file-a', { id: 'k2', secret: 'sk-2' }),
    () => revokeCredential(store, 'file-a', 'k1'),
  ]) {
    const error = await refusal(attempt());
    assert.equal(error.code, 'account_declared');
    assert.match(error.message + error.fix, /declared in headrace.yaml.*Change it there/);
  }
  await setAccountState(store, 'file-a', 'disabled');
  await sync();
  assert.deepEqual(await states(), [['file-a', 'disabled']]);
  await setAccountState(store, 'file-a', 'active');
  assert.deepEqual(await states(), [['file-a', 'active']]);
  // A key that is declared as well would be given the limits twice.
  await refusal(
    add(written('api-a', { provider: 'qwen', credentials: [{ id: 'k1', secret: 'sk-file' }] })),
  );
  await add(written('api-a', { provider: 'qwen', credentials: [{ id: 'k1', secret: 'sk-api' }] }));
  const clash = {
    ...declared,
    models: [],
    limits: [],
    credentials: [{ id: 'k1', secret: 'sk-api' }],
  };
  const error = await refusal(syncAccounts({ store, vault }, [clash]));
  assert.equal(error.code, 'config_invalid');
  assert.match(error.message, /same key as one of account api-a/);
});

it('rotates with an overlap, never leaves an account without a key, and keeps no revoked secret', async (t) => {
  const { store, add } = await open(t);
  await add(written('a'));
  const deps = { store, vault };
  assert.equal((await refusal(revokeCredential(store, 'a', 'k1'))).code, 'conflict');
  const twice = await refusal(addCredential(deps, 'a', { id: 'k2', secret: 'sk-a' }));
  assert.match(twice.message, /credential.secret is a key that account a has already/);
  await rotateCredential(deps, 'a', {
    old: 'k1',
    credential: { id: 'k2', secret: 'sk-new' },
    overlapMs: 60_000,
  });
  const [account] = await loadAccounts(store);
  assert.deepEqual(
    account?.credentials.map(({ id, retiresAt }) => [id, retiresAt !== null]),
    [
      ['k1', true],
      ['k2', false],
    ],
  );
  await revokeCredential(store, 'a', 'k1');
  assert.equal((await refusal(revokeCredential(store, 'a', 'k2'))).code, 'conflict');
  await rotateCredential(deps, 'a', {
    old: 'k2',
    credential: { id: 'k1', secret: 'sk-third' },
    overlapMs: 0,
  });
  const rows = await store.transaction('system', (tx) =>
    tx.query<{ id: string; gone: boolean }>(
      "SELECT id, sealed = 'null' AS gone FROM credentials ORDER BY id",
    ),
  );
  assert.deepEqual(rows, [
    { id: 'k1', gone: false },
    { id: 'k2', gone: true },
  ]);
  await removeAccount(store, 'a');
  assert.deepEqual(await loadAccounts(store), []);
  assert.equal((await refusal(removeAccount(store, 'a'))).code, 'not_found');
});

it('keeps the key of an administrator apart from those that call, over its rotation', async (t) => {
  const { store, add } = await open(t);
  const admin = (project: string) => ({
    id: 'admin',
    secret: 'sk-admin',
    kind: 'admin',
    project,
  });
  const openai = (id: string, project: string) =>
    written(id, {
      provider: 'openai',
      entitlement: `unit ${id}`,
      credentials: [{ id: 'k1', secret: `sk-${id}` }, admin(project)],
    });
  // One administrator speaks for all projects of an organisation.
  await add(openai('a', 'proj_a'), openai('b', 'proj_b'));
  const keysOf = async (id: string) => {
    const [account] = await loadAccounts(store, id);
    return {
      calls: account?.credentials.map((key) => key.id),
      asks: account?.adminCredentials.map((key) => [key.id, key.project]),
    };
  };
  assert.deepEqual(await keysOf('b'), { calls: ['k1'], asks: [['admin', 'proj_b']] });
  const credential = { id: 'admin2', secret: 'sk-admin-2' };
  await rotateCredential({ store, vault }, 'b', { old: 'admin', credential, overlapMs: 0 });
  assert.deepEqual(await keysOf('b'), { calls: ['k1'], asks: [['admin2', 'proj_b']] });
  assert.equal((await refusal(revokeCredential(store, 'b', 'k1'))).code, 'conflict');
  await revokeCredential(store, 'b', 'admin2');
  assert.deepEqual(await keysOf('b'), { calls: ['k1'], asks: [] });
});

it('refuses an administrator that nobody asks, asks for nothing, or is all that there is', async (t) => {
  const { add } = await open(t);
  const key = { id: 'k1', secret: 'sk-1' };
  const asks = { id: 'admin', secret: 'sk-2', kind: 'admin' };
  const error = await refusal(
    add(
      written('a', { credentials: [key, asks] }),
      written('b', { provider: 'openai', credentials: [{ ...key, secret: 'sk-3' }, asks] }),
      written('c', { credentials: [{ id: 'k1', secret: 'sk-4', project: 'proj_1' }] }),
      written('d', { provider: 'anthropic', credentials: [asks] }),
    ),
  );
  assert.deepEqual(
    error.problems.map(({ where }) => where),
    [
      'accounts[0].credentials[1].kind',
      'accounts[1].credentials[1].project',
      'accounts[2].credentials[0].project',
      'accounts[3].credentials',
    ],
  );
});

it('records foreign use once, whichever of the processes that see it comes first', async (t) => {
  const { store, add } = await open(t);
  await add(written('a'));
  const account = { id: 'a', provider: 'deepseek' };
  const use = { modelClass: 'rule:*', dimension: 'rpm', share: 0.337 } as const;
  assert.equal(await recordForeignUse(store, account, null), false);
  const began = await Promise.all([1, 2, 3].map(() => recordForeignUse(store, account, use)));
  assert.deepEqual(began.toSorted(), [false, false, true]);
  assert.deepEqual([...(await readForeignUse(store))], ['a']);
  const ended = await Promise.all([1, 2].map(() => recordForeignUse(store, account, null)));
  assert.deepEqual(ended.toSorted(), [false, true]);
  assert.deepEqual([...(await readForeignUse(store))], []);
  assert.equal(await recordForeignUse(store, { ...account, id: 'gone' }, use), false);
  const events = await readPoolEvents(store, 'a', 10);
  assert.deepEqual(
    events.map(({ type, data }) => [type, data['share']]),
    [
      ['account.foreign_use_ended', undefined],
      ['account.foreign_use_began', 0.34],
      ['account.added', undefined],
    ],
  );
});
