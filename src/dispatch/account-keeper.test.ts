import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { fakeAccounts } from '../../test/fake-upstream.ts';
import { createVault, type Limiter, loadAccounts, syncAccounts } from '../accounts/index.ts';
import { silentLog } from '../platform/log.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import type { Failure } from '../providers/index.ts';
import { createAccountKeeper } from './account-keeper.ts';

const unpaid: Failure = {
  kind: 'quota_exhausted',
  scope: 'account',
  retryable: false,
  retryAfterMs: null,
  dimension: null,
  limit: null,
  until: null,
  provenance: 'guessed',
  code: 'insufficient_quota',
  message: 'no',
};

/** The keeper of one account, and what its calls meet; times are in ms from the start. */
async function open(t: TestContext) {
  const store = await createTestStore(t);
  const vault = createVault(Buffer.alloc(32, 1));
  await syncAccounts({ store, vault }, fakeAccounts('http://127.0.0.1:9/v1', 'a'));
  const [account] = await loadAccounts(store);
  assert.ok(account);
  const clock = createManualClock(Date.now());
  const began = clock.now();
  const keeper = createAccountKeeper({
    store,
    clock,
    log: silentLog,
    limiter: { pause: async () => undefined } as Partial<Limiter> as Limiter,
    rack: {
      choose: () => null,
      lend: () => assert.fail(),
      putAside: () => undefined,
      hasOther: () => false,
      renew: () => undefined,
    },
  });
  const candidate = { accountId: 'a', modelClass: '*' };
  const stored = async () => (await loadAccounts(store))[0];
  return {
    keeper,
    stored,
    clock,
    async refuse(sentAt: number) {
      const seat = { account, candidate, credentialId: 'k1', sentAt: began + sentAt };
      const held = await keeper.holdBack(seat, unpaid);
      if (held) await keeper.record(held);
      return held?.pause?.times;
    },
    answer: (sentAt: number) => keeper.takeBack(account, candidate, began + sentAt),
  };
}

it('takes an account back with the call that proves it, whatever older calls answered before', async (t) => {
  const { clock, refuse, answer, stored } = await open(t);
  await clock.advance(1000);
  await refuse(500);
  await answer(100);
  assert.equal((await stored())?.state, 'quarantined', 'it was sent before the refusal');
  await clock.advance(600_000);
  await answer(600_500);
  assert.deepEqual([(await stored())?.state, (await stored())?.pauses], ['active', []]);
});

it('goes on counting refusals where a call that was sent before them is answered', async (t) => {
  const { clock, refuse, answer } = await open(t);
  await clock.advance(1000);
  assert.equal(await refuse(500), 1);
  await answer(100);
  await clock.advance(600_000);
  assert.equal(await refuse(600_500), 2);
  await clock.advance(1_200_000);
  await answer(1_800_500);
  assert.equal(await refuse(1_800_600), 1);
});
