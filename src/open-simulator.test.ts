import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSimulator } from './open-simulator.ts';

test('faults that were typed meet the calls, and a damage that was named is the only one', async (t) => {
  const simulator = await openSimulator({
    ...{ seed: 'typed', kind: true },
    faults: 'rate_limited=1,damage=plan.fenced',
  });
  t.after(() => simulator.close());
  const account = simulator.accounts.find(({ provider }) => provider === 'openai');
  const response = await fetch(`${account?.base_url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account?.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: account?.models[0],
      messages: [{ role: 'user', content: 'Name a river.' }],
    }),
  });
  assert.equal(response.status, 429, await response.text());
  const settings = await fetch(`${simulator.url}/_simulator/faults`, {
    method: 'POST',
    body: '{}',
  });
  assert.deepEqual(((await settings.json()) as { damage: object }).damage, {
    only: ['plan.fenced'],
  });
});

test('a share that was typed leaves the others as they are', async (t) => {
  const simulator = await openSimulator({ kind: false, faults: 'plans=1' });
  t.after(() => simulator.close());
  const settings = await fetch(`${simulator.url}/_simulator/faults`, {
    method: 'POST',
    body: '{}',
  });
  const { damage } = (await settings.json()) as { damage: Record<string, number> };
  assert.equal(damage['plans'], 1);
  assert.equal(damage['answers'], 0.25);
});

test('faults that nobody knows are a wrong use, told before anything is started', async () => {
  await assert.rejects(openSimulator({ kind: false, faults: 'hanging=1' }), {
    code: 'usage',
    message: /"hanging=1" is not understood.*hang,/,
  });
});
