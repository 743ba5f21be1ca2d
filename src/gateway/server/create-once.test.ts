import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestStore } from '../../../test/database.ts';
import type { Accepted, ProjectInput, Receipt } from '../../orchestration/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Store } from '../../platform/store/store.ts';
import { adminKey, createTestGateway, memberKey } from '../test-gateway.ts';
import { sweepKeys } from './idempotency-keys.ts';

/** Accepts as orchestration does: a row and the answer to the key in one transaction. */
function createAcceptor(store: Store) {
  let count = 0;
  return {
    accepted: () => count,
    hold: undefined as Promise<void> | undefined,
    onStart: () => {},
    crash: undefined as 'before' | 'after' | undefined,
    async acceptProject(_principal: unknown, input: ProjectInput, receipt: Receipt) {
      const answer: Accepted = {
        id: `prj_${input.brief}_${count + 1}`,
        run_id: 'run_1',
        number: 1,
        status: 'queued',
      };
      this.onStart();
      await this.hold;
      if (this.crash === 'before') throw new HeadraceError('store_unavailable');
      await store.transaction({ tenantId: 'default' }, async (tx) => {
        await receipt.beforeCommit?.(tx, answer);
      });
      count += 1;
      if (this.crash === 'after') throw new HeadraceError('store_unavailable');
      return answer;
    },
  };
}

async function setUp(t: Parameters<typeof createTestStore>[0]) {
  const store = await createTestStore(t);
  const acceptor = createAcceptor(store);
  const gateway = await createTestGateway(t, {
    store,
    orchestration: { acceptProject: acceptor.acceptProject.bind(acceptor) },
  });
  const post = (brief: string, key?: string) =>
    gateway.inject({
      method: 'POST',
      url: '/api/v1/projects',
      headers: { ...memberKey, ...(key === undefined ? {} : { 'idempotency-key': key }) },
      payload: { brief },
    });
  const age = (interval: string) =>
    store.transaction('system', (tx) =>
      tx.query(`UPDATE idempotency_keys SET created_at = created_at - $1::interval`, [interval]),
    );
  return { store, acceptor, gateway, post, age };
}

test('the same key and body create once and are answered alike', async (t) => {
  const { post, acceptor } = await setUp(t);
  const first = await post('a', 'k1');
  assert.equal(first.statusCode, 202);
  assert.equal(first.headers['headrace-idempotent-replay'], undefined);
  const again = await post('a', 'k1');
  assert.equal(again.statusCode, 202);
  assert.equal(again.headers['headrace-idempotent-replay'], 'true');
  assert.deepEqual(again.json(), first.json());
  assert.equal(acceptor.accepted(), 1);
  await post('a', 'k2');
  await post('a');
  assert.equal(acceptor.accepted(), 3);
});

test('the same key with another body is 422, and a key that is no key is 400', async (t) => {
  const { post } = await setUp(t);
  await post('a', 'k1');
  const other = await post('b', 'k1');
  assert.equal(other.statusCode, 422);
  assert.equal(other.json().code, 'idempotency_conflict');
  assert.equal((await post('a', 'x'.repeat(256))).statusCode, 400);
});

test('of twenty at the same time one creates, and the others are told to wait or get its answer', async (t) => {
  const { post, acceptor } = await setUp(t);
  const responses = await Promise.all(Array.from({ length: 20 }, () => post('a', 'k1')));
  assert.equal(acceptor.accepted(), 1);
  for (const response of responses) {
    assert.ok([202, 409].includes(response.statusCode));
    if (response.statusCode === 409) {
      assert.equal(response.json().code, 'idempotency_in_progress');
      assert.equal(response.headers['retry-after'], '1');
    }
  }
  assert.equal((await post('a', 'k1')).statusCode, 202);
});

test('after a failure that created nothing the key is free again', async (t) => {
  const { post, acceptor } = await setUp(t);
  acceptor.crash = 'before';
  assert.equal((await post('a', 'k1')).statusCode, 503);
  acceptor.crash = undefined;
  assert.equal((await post('a', 'k1')).statusCode, 202);
  assert.equal(acceptor.accepted(), 1);
});

test('an acceptance whose answer was lost on the way is answered, not accepted again', async (t) => {
  const { post, acceptor } = await setUp(t);
  acceptor.crash = 'after';
  assert.equal((await post('a', 'k1')).statusCode, 503);
  acceptor.crash = undefined;
  const again = await post('a', 'k1');
  assert.equal(again.statusCode, 202);
  assert.equal(again.json().id, 'prj_a_1');
  assert.equal(acceptor.accepted(), 1);
});

test('a request lost with its process is taken over after a minute, and can no longer create', async (t) => {
  const { post, acceptor, age } = await setUp(t);
  const held = Promise.withResolvers<void>();
  acceptor.hold = held.promise;
  const started = Promise.withResolvers<void>();
  acceptor.onStart = started.resolve;
  // An injected request is sent when somebody waits for it.
  const slow = post('a', 'k1').then((response) => response);
  await started.promise;
  acceptor.hold = undefined;
  assert.equal((await post('a', 'k1')).statusCode, 409);
  await age('61 seconds');
  const taken = await post('a', 'k1');
  assert.equal(taken.statusCode, 202);
  held.resolve();
  assert.equal((await slow).statusCode, 409);
  assert.equal(acceptor.accepted(), 1);
  assert.deepEqual((await post('a', 'k1')).json(), taken.json());
});

test('after a day a key may be used anew, and old ones are swept', async (t) => {
  const { post, acceptor, age, store } = await setUp(t);
  await post('a', 'k1');
  await age('25 hours');
  assert.equal((await post('b', 'k1')).statusCode, 202);
  assert.equal(acceptor.accepted(), 2);
  await post('c', 'k2');
  await age('25 hours');
  assert.equal(await sweepKeys(store), 2);
  assert.equal(await sweepKeys(store), 0);
});

test('a created key is shown once: its replay and the store hold no secret', async (t) => {
  const store = await createTestStore(t);
  const created = {
    id: 'key_1',
    name: 'ci',
    prefix: 'hr_live_abc',
    role: 'member' as const,
    created_at: '2026-01-01T00:00:00.000Z',
    last_used_at: null,
    revoked_at: null,
    key: 'hr_live_abcdef-secret',
  };
  const gateway = await createTestGateway(t, { store, auth: { createKey: async () => created } });
  const post = () =>
    gateway.inject({
      method: 'POST',
      url: '/api/v1/keys',
      headers: { ...adminKey, 'idempotency-key': 'k1' },
      payload: { name: 'ci' },
    });
  assert.equal((await post()).json().key, created.key);
  assert.deepEqual((await post()).json(), { ...created, key: null });
  const rows = await store.transaction('system', (tx) =>
    tx.query('SELECT * FROM idempotency_keys'),
  );
  assert.doesNotMatch(JSON.stringify(rows), /secret/);
});
