import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually } from '../../../test/eventually.ts';
import { answers, fakeAccounts } from '../../../test/fake-upstream.ts';
import { openFakeDispatch } from '../../../test/open-fake-dispatch.ts';
import { createManualClock } from '../../platform/manual-clock.ts';

const minute = 60_000;

it('writes one event when others begin to use an account, and one when they have ceased', async (t) => {
  const clock = createManualClock(Date.UTC(2026, 5, 1));
  const { upstream, call, dispatch } = await openFakeDispatch(t, {
    clock,
    accounts: ({ url }) => fakeAccounts(url, 'a').map((account) => ({ ...account, limits: [] })),
  });
  const arrivals: number[] = [];
  // Behind each call of ours stand two of somebody else's.
  upstream.script((response, asked) => {
    arrivals.push(clock.now());
    const used = 3 * arrivals.filter((at) => at > clock.now() - minute).length;
    response.setHeader('x-ratelimit-limit-requests', '100');
    response.setHeader('x-ratelimit-remaining-requests', String(100 - used));
    return answers()(response, asked);
  });
  const told = async () => (await dispatch.accounts.events('a')).map(({ type }) => type);
  const waitFor = (types: string[], work: () => Promise<unknown>) =>
    eventually(async () => {
      await work();
      await clock.advance(5000);
      assert.deepEqual(await told(), types);
    });
  const calling = () => call({ deadlineAt: clock.now() + 30_000 });

  await waitFor(['account.foreign_use_began'], calling);
  const [began] = await dispatch.accounts.events('a');
  assert.deepEqual([began?.data['dimension'], began?.data['models']], ['rpm', ['m']]);
  assert.ok(Number(began?.data['share']) > 0.5, JSON.stringify(began?.data));
  assert.ok(arrivals.length >= 12, 'not before a minute of it');
  for (let again = 0; again < 5; again += 1) await waitFor(['account.foreign_use_began'], calling);
  await waitFor(['account.foreign_use_ended', 'account.foreign_use_began'], async () => {});
});
