import assert from 'node:assert/strict';
import { it } from 'node:test';
import { beginStream, chunkOf, fails, fakeAccounts } from '../../test/fake-upstream.ts';
import { listener, openFakeDispatch } from '../../test/open-fake-dispatch.ts';

/** Accounts whose limits nobody configured. */
const unlimited = (...ids: string[]) => ({
  accounts: ({ url }: { url: string }) =>
    fakeAccounts(url, ...ids).map((account) => ({ ...account, limits: [] })),
});

it('takes limits from the headers while the answer is still written', async (t) => {
  const { upstream, call, dispatch } = await openFakeDispatch(t, unlimited('a'));
  const heard = Promise.withResolvers<void>();
  const ending = Promise.withResolvers<void>();
  upstream.script((response) => {
    response.setHeader('x-ratelimit-limit-requests', '7');
    response.setHeader('x-ratelimit-remaining-requests', '4');
    beginStream(response);
    response.write(chunkOf({ content: 'one ' }));
    ending.promise.then(() => response.end(`${chunkOf({}, 'stop')}data: [DONE]\n\n`));
  });
  const running = call({ onEvent: () => heard.resolve() });
  await heard.promise;
  const requests = () => dispatch.gauges('a').find(({ dimension }) => dimension === 'rpm');
  const during = requests();
  // One call of ours and two of somebody else, who uses the account too.
  assert.deepEqual([during?.limit, during?.used], [7, 3]);
  ending.resolve();
  await running;
  assert.deepEqual([requests()?.limit, requests()?.used], [7, 3]);
});

it('infers a limit from a refusal that says nothing', async (t) => {
  const { upstream, call, dispatch } = await openFakeDispatch(t, unlimited('a', 'b'));
  const { onEvent } = listener();
  upstream.script(fails(429));
  await call({ onEvent }).catch(() => undefined);
  const limits = dispatch
    .gauges()
    .filter(({ dimension }) => dimension === 'rpm')
    .map(({ limit }) => limit);
  assert.ok(limits.includes(1), `${limits}`);
});
