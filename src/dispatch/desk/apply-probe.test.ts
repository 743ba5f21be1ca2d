import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { createTestStore } from '../../../test/database.ts';
import { fakeAccounts } from '../../../test/fake-upstream.ts';
import {
  createVault,
  holdAccount,
  type Limiter,
  loadAccounts,
  refuseCredential,
  rotateCredential,
  syncAccounts,
} from '../../accounts/index.ts';
import { silentLog } from '../../platform/log.ts';
import { createManualClock } from '../../platform/manual-clock.ts';
import { applyProbe } from './apply-probe.ts';
import { createPauseTelling } from './tell-pauses.ts';

const owner = { accountId: 'a', credentialId: 'k1', provider: 'fake' };

/** An account whose one key is refused, and a limiter that only knows what pauses it was told. */
async function open(t: TestContext) {
  const store = await createTestStore(t);
  const vault = createVault(Buffer.alloc(32, 1));
  await syncAccounts({ store, vault }, fakeAccounts('http://127.0.0.1:9/v1', 'a'));
  await store.transaction('system', (tx) => tx.query("UPDATE accounts SET managed_by = 'api'"));
  const clock = createManualClock(Date.now());
  await refuseCredential(store, owner, { message: 'no', probed: false });
  await holdAccount(
    store,
    { id: 'a', provider: 'fake' },
    {
      state: 'quarantined',
      kind: 'credential',
      message: 'no',
      modelClass: null,
      dimension: null,
      provenance: 'guessed',
      times: 1,
      since: clock.now(),
      until: clock.now() + 45_000,
    },
  );
  let told = 0;
  let paused = 0;
  let meanwhile: (() => Promise<void>) | null = null;
  const hear = async () => {
    const work = meanwhile;
    meanwhile = null;
    await work?.();
  };
  const limiter = {
    async pause() {
      await hear();
      told += 1;
      paused += 1;
    },
    async clear() {
      await hear();
      paused = 0;
    },
  } as Partial<Limiter> as Limiter;
  const pauses = createPauseTelling({ store, limiter });
  return {
    parts: { store, clock, log: silentLog, limiter, pauses },
    account: async () => {
      const [account] = await loadAccounts(store);
      assert.ok(account);
      return account;
    },
    told: () => told,
    paused: () => paused,
    /** Happens when the limiter is told something for the next time. */
    meanwhile(work: () => Promise<void>) {
      meanwhile = work;
    },
    rotate: () =>
      rotateCredential({ store, vault }, 'a', {
        old: 'k1',
        credential: { id: 'k2', secret: 'new' },
        overlapMs: 0,
      }),
  };
}

const refused = { credential: 'k1', outcome: 'refused', code: 'no', message: 'no', ms: 1 } as const;

it('holds an account back for longer whose key is refused again', async (t) => {
  const { parts, account, paused, told } = await open(t);
  const [before] = (await account()).pauses;
  await applyProbe(parts, await account(), refused);
  const [after] = (await account()).pauses;
  assert.ok(before && after);
  assert.deepEqual([after.times, after.until > before.until], [2, true]);
  assert.deepEqual([paused(), told()], [1, 1]);
});

it('does not hold an account back whose key is replaced while the old one is probed', async (t) => {
  const { parts, account, paused, meanwhile, rotate } = await open(t);
  let lifting: Promise<void> | undefined;
  meanwhile(async () => {
    await rotate();
    lifting = parts.pauses.lift('a');
  });
  await applyProbe(parts, await account(), refused);
  await lifting;
  const { state, pauses } = await account();
  assert.deepEqual([state, pauses, paused()], ['active', [], 0]);
});

it('leaves in the limiter what the store says last, however two readings of it cross', async (t) => {
  const { parts, paused, meanwhile, rotate, account } = await open(t);
  const isHeld = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  meanwhile(() => {
    isHeld.resolve();
    return held.promise;
  });
  const first = parts.pauses.lift('a');
  await isHeld.promise;
  await rotate();
  const second = parts.pauses.lift('a');
  // Time for it to come first, where nothing keeps it from that.
  for (let reading = 0; reading < 5; reading += 1) await account();
  held.resolve();
  await Promise.all([first, second]);
  assert.equal(paused(), 0);
});
