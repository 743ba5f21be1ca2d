import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { eventually } from '../../test/eventually.ts';
import type { Tx } from '../platform/store/store.ts';
import { loadAccounts } from './load-accounts.ts';
import { openCredential } from './open-credential.ts';
import { holdAccount } from './registry/hold-account.ts';
import { recordPoolEvent } from './registry/record-pool-event.ts';
import { findAccount, lockAccounts } from './registry/stored-accounts.ts';
import { type AccountSpec, syncAccounts } from './sync-accounts.ts';
import { createVault } from './vault.ts';

const vault = createVault(Buffer.alloc(32, 1));

function spec(id: string, more: Partial<AccountSpec> = {}): AccountSpec {
  return {
    id,
    provider: 'openai',
    ownerEmail: 'a@example.com',
    entitlement: 'contract 1',
    baseUrl: null,
    models: ['gpt-*'],
    credentials: [{ id: 'k1', secret: `sk-${id}` }],
    limits: [{ models: ['*'], rpm: 5, tpm: null }],
    weight: 1,
    priceFactor: 1,
    managedBy: 'file',
    ...more,
  };
}

const refusal = {
  modelClass: null,
  dimension: null,
  state: 'quarantined',
  kind: 'credential',
  message: 'no',
  provenance: 'guessed',
  times: 1,
  since: Date.now(),
  until: Date.now() + 60_000,
} as const;

it('stores what is declared and gives the secret to dispatch alone', async (t) => {
  const store = await createTestStore(t);
  await syncAccounts({ store, vault }, [spec('a')]);
  const [account] = await loadAccounts(store);
  assert.deepEqual(account, {
    id: 'a',
    provider: 'openai',
    weight: 1,
    priceFactor: 1,
    managedBy: 'file',
    ownerEmail: 'a@example.com',
    entitlement: 'contract 1',
    baseUrl: null,
    models: ['gpt-*'],
    limits: [{ models: ['*'], rpm: 5, tpm: null }],
    state: 'active',
    stateReason: null,
    stateUntil: null,
    pauses: [],
    adminCredentials: [],
    credentials: [
      {
        id: 'k1',
        fingerprint: vault.fingerprint('sk-a'),
        addedAt: account?.credentials[0]?.addedAt,
        retiresAt: null,
        refusedAt: null,
        probeAt: null,
      },
    ],
  });
  const owner = { accountId: 'a', credentialId: 'k1' };
  assert.equal(await openCredential({ store, vault }, owner), 'sk-a');
  const rows = await store.transaction('system', (tx) => tx.query('SELECT * FROM credentials'));
  assert.ok(!JSON.stringify(rows).includes('sk-a'));
});

it('disables what is no longer declared, and takes it back', async (t) => {
  const store = await createTestStore(t);
  const states = async () =>
    (await loadAccounts(store)).map(({ id, state, stateReason }) => [id, state, stateReason?.kind]);
  await syncAccounts({ store, vault }, [spec('a'), spec('b')]);
  await syncAccounts({ store, vault }, [spec('b')]);
  assert.deepEqual(await states(), [
    ['a', 'disabled', 'removed'],
    ['b', 'active', undefined],
  ]);
  await syncAccounts({ store, vault }, [spec('a'), spec('b')]);
  assert.deepEqual(await states(), [
    ['a', 'active', undefined],
    ['b', 'active', undefined],
  ]);
});

it('keeps a pause over a restart, and ends a quarantine when the keys change', async (t) => {
  const store = await createTestStore(t);
  await syncAccounts({ store, vault }, [spec('a')]);
  await holdAccount(store, { id: 'a', provider: 'openai' }, refusal);
  await syncAccounts({ store, vault }, [spec('a')]);
  assert.equal((await loadAccounts(store))[0]?.state, 'quarantined');
  await syncAccounts({ store, vault }, [
    spec('a', { credentials: [{ id: 'k1', secret: 'sk-new' }] }),
  ]);
  assert.equal((await loadAccounts(store))[0]?.state, 'active');
});

it('forgets the sealed secret of a credential that is gone', async (t) => {
  const store = await createTestStore(t);
  const two = [
    { id: 'k1', secret: 'sk-1' },
    { id: 'k2', secret: 'sk-2' },
  ];
  await syncAccounts({ store, vault }, [spec('a', { credentials: two })]);
  await syncAccounts({ store, vault }, [
    spec('a', { credentials: [{ id: 'k2', secret: 'sk-2' }] }),
  ]);
  const [account] = await loadAccounts(store);
  assert.deepEqual(
    account?.credentials.map(({ id }) => id),
    ['k2'],
  );
  await assert.rejects(openCredential({ store, vault }, { accountId: 'a', credentialId: 'k1' }), {
    code: 'upstream_credentials_exhausted',
  });
  const [row] = await store.transaction('system', (tx) =>
    tx.query("SELECT sealed FROM credentials WHERE id = 'k1'"),
  );
  assert.deepEqual(row, { sealed: null });
});

it('seals anew what was sealed under another secret key', async (t) => {
  const store = await createTestStore(t);
  const owner = { accountId: 'a', credentialId: 'k1' };
  await syncAccounts({ store, vault: createVault(Buffer.alloc(32, 9)) }, [spec('a')]);
  await assert.rejects(openCredential({ store, vault }, owner), { code: 'secret_undecryptable' });
  await syncAccounts({ store, vault }, [spec('a')]);
  assert.equal(await openCredential({ store, vault }, owner), 'sk-a');
});

it('does not take over the id of an account that was added through the API', async (t) => {
  const store = await createTestStore(t);
  await store.transaction('system', (tx) =>
    tx.query(
      "INSERT INTO accounts (id, provider, managed_by, entitlement) VALUES ('a', 'openai', 'api', 'contract 9')",
    ),
  );
  await assert.rejects(syncAccounts({ store, vault }, [spec('a')]), { code: 'config_invalid' });
  await syncAccounts({ store, vault }, [spec('b')]);
  const states = (await loadAccounts(store)).map(({ id, state }) => [id, state]);
  assert.deepEqual(states, [
    ['a', 'active'],
    ['b', 'active'],
  ]);
});

it('leaves the word of an operator alone when a late answer comes', async (t) => {
  const store = await createTestStore(t);
  await syncAccounts({ store, vault }, [spec('a')]);
  await store.transaction('system', (tx) => tx.query("UPDATE accounts SET state = 'draining'"));
  await holdAccount(store, { id: 'a', provider: 'openai' }, refusal);
  assert.equal((await loadAccounts(store))[0]?.state, 'draining');
});

/** Until somebody waits for what this transaction holds. */
async function untilAwaited(tx: Tx): Promise<void> {
  await eventually(async () => {
    const waiting = await tx.query(
      'SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))',
    );
    assert.ok(waiting.length > 0);
  });
}

it('takes no account over that is being added at the same time', async (t) => {
  const store = await createTestStore(t);
  const { begun } = await store.transaction('system', async (tx) => {
    await lockAccounts(tx);
    await tx.query(
      `INSERT INTO accounts (id, provider, managed_by, models, limits) VALUES ('a', 'openai', 'api', '[]', '[]')`,
    );
    const begun = syncAccounts({ store, vault }, [spec('a')]).then(
      () => 'taken over',
      (error: { code: string }) => error.code,
    );
    await untilAwaited(tx);
    return { begun };
  });
  assert.equal(await begun, 'config_invalid');
});

it('does not bring a pause back that an operator ended while it was being written', async (t) => {
  const store = await createTestStore(t);
  await syncAccounts({ store, vault }, [spec('a')]);
  const { begun } = await store.transaction('system', async (tx) => {
    await findAccount(tx, 'a');
    const begun = holdAccount(store, { id: 'a', provider: 'openai' }, refusal);
    await untilAwaited(tx);
    await tx.query(`DELETE FROM account_pauses WHERE account_id = 'a'`);
    await recordPoolEvent(tx, { type: 'account.enabled', provider: 'openai', accountId: 'a' });
    return { begun };
  });
  await begun;
  const [account] = await loadAccounts(store);
  assert.deepEqual([account?.state, account?.pauses], ['active', []]);
});
