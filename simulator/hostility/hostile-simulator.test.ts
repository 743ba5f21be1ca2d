import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SimulatorOptions, startSimulator } from '../index.ts';
import { damageGroups, defaultHostility, hostilities } from './damage-settings.ts';

const brief =
  '<brief>\nWrite a report on night trains: lines, costs, risks, and options.\n</brief>';

async function start(t: { after(run: () => Promise<void>): void }, options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ latencyScale: 0, ...options });
  t.after(() => simulator.close());
  const { base_url, secret } = simulator.accounts.find(({ id }) => id === 'deepseek-a')!;
  const ask = async (role: string, user: string, more: object = {}) => {
    const response = await fetch(`${base_url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
      body: JSON.stringify({
        model: 'deepseek-v4-pro',
        messages: [
          { role: 'system', content: `You are Headrace's ${role}.` },
          { role: 'user', content: user },
        ],
        ...more,
      }),
    });
    const text = await response.text();
    return { damage: response.headers.get('x-simulated-damage'), text };
  };
  const set = (settings: object) =>
    fetch(`${simulator.url}/_simulator/faults`, { method: 'POST', body: JSON.stringify(settings) });
  return { simulator, ask, set };
}

const contentOf = (text: string) => JSON.parse(text).choices[0];

test('the damage of an answer is told in a header and in the statistics, by its name', async (t) => {
  const { simulator, ask } = await start(t, { damage: { only: 'plan.fenced' } });
  const answer = await ask('planner', brief);
  assert.equal(answer.damage, 'plan.fenced');
  assert.match(contentOf(answer.text).message.content, /^```/);
  assert.equal((await ask('clarifier', brief)).damage, null);
  const body = JSON.parse(await (await fetch(`${simulator.url}/_simulator/stats`)).text());
  assert.deepEqual(body.damage.plans, { asked: 1, damaged: 1, kinds: { 'plan.fenced': 1 } });
  assert.deepEqual(body.damage.clarifiers, { asked: 1, damaged: 0, kinds: {} });
  assert.deepEqual(body.damage, simulator.damage());
  const account = body.accounts.find((each: { account: string }) => each.account === 'deepseek-a');
  assert.deepEqual(account.damage, { 'plan.fenced': 1 });
});

test('damage is set while it runs, replaces what was set, and a wrong name is refused', async (t) => {
  const { ask, set } = await start(t);
  await set({ damage: { only: 'plan.empty' } });
  assert.equal((await ask('planner', brief)).damage, 'plan.empty');
  const answer = await set({ damage: { only: 'clarifier.prose' } });
  assert.deepEqual(JSON.parse(await answer.text()).damage, { only: 'clarifier.prose' });
  assert.equal((await ask('planner', brief)).damage, null);
  assert.equal((await ask('clarifier', brief)).damage, 'clarifier.prose');
  await set({ rates: { unavailable: 0 } });
  assert.equal(
    (await ask('clarifier', brief)).damage,
    'clarifier.prose',
    'faults leave it as it is',
  );
  assert.equal((await set({ damage: { only: 'plan.eaten' } })).status, 400);
  assert.equal((await set({ damage: { plans: 2 } })).status, 400);
});

test('a truncated plan ends for its length, whole and streamed', async (t) => {
  const { ask } = await start(t, { damage: { only: 'plan.truncated' } });
  assert.equal(contentOf((await ask('planner', brief)).text).finish_reason, 'length');
  const streamed = await ask('planner', brief, { stream: true });
  assert.equal(streamed.damage, 'plan.truncated');
  assert.match(streamed.text, /"finish_reason":"length"/);
});

test('a plan may arrive in the thought, with nothing beside it', async (t) => {
  const { ask } = await start(t, { damage: { only: 'plan.in_reasoning' } });
  const { message } = contentOf((await ask('planner', brief)).text);
  assert.equal(message.content, '');
  assert.match(message.reasoning_content, /"id":"t1"/);
});

test('a flood of ten thousand tasks comes in a few seconds’ pace, whatever the cap', async (t) => {
  const { ask } = await start(t, { damage: { only: 'plan.flood' } });
  const { content } = contentOf((await ask('planner', brief, { max_tokens: 4_000 })).text).message;
  assert.equal(content.match(/"id":/g)?.length, 10_000);
});

test('who asks a damaged model again is answered otherwise in the end', async (t) => {
  const { ask } = await start(t, { damage: { plans: 0.5 } });
  const damages = new Set<string | null>();
  for (let turn = 0; turn < 12; turn += 1) damages.add((await ask('planner', brief)).damage);
  assert.ok(damages.has(null) && damages.size > 2, [...damages].join(' '));
});

test('a kind simulator and an ordinary chat meet no damage', async (t) => {
  const kind = await start(t, { kind: true });
  const hostile = await start(t, { damage: { plans: 1, answers: 1, judges: 1, clarifiers: 1 } });
  for (let turn = 0; turn < 10; turn += 1) {
    assert.equal((await kind.ask('planner', brief)).damage, null);
    assert.equal((await hostile.ask('nobody', brief)).damage, null);
  }
  assert.notEqual((await hostile.ask('planner', brief)).damage, null);
});

test('who says nothing meets full hostility, which reaches every group', () => {
  assert.equal(defaultHostility, hostilities.full);
  assert.deepEqual(Object.keys(hostilities.full), [...damageGroups]);
});
