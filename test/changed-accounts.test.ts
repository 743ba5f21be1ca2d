import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type } from './person.ts';
import { type Simulated, startSimulated } from './start-simulated.ts';
import { openTerminal } from './terminal.ts';

const model = 'anthropic/claude-sonnet-5-5';

interface Shown {
  id: string;
  owner_email: string | null;
  entitlement: string | null;
  models: string[];
  limits: Record<string, unknown>[];
  weight: number;
  price_factor: number;
  state: string;
  events: { type: string; data: { changes?: Record<string, unknown> } }[];
}

/** A Headrace with one account of its own, in front of the simulator's vendors. */
async function start(t: TestContext) {
  const simulated = await startSimulated(t, { declares: 'none', latencyScale: 0, kind: true });
  const known = simulated.simulator.accounts.find(({ id }) => id === 'anthropic-a');
  assert.ok(known);
  const account = {
    id: 'ant',
    provider: 'anthropic',
    owner_email: 'an@example.com',
    entitlement: 'unit A',
    base_url: known.base_url,
    credentials: [{ id: 'k1', secret: known.secret }],
    limits: [{ models: ['*'], tpm: 90_000, rpd: 1 }],
  };
  const added = await simulated.call('/api/v1/accounts', { body: account });
  assert.equal(added.status, 201, await added.clone().text());
  const run = (...argv: string[]) =>
    type(simulated, ['accounts', ...argv], { terminal: openTerminal([]) });
  const chat = async () => {
    const response = await simulated.call('/v1/chat/completions', {
      body: { model, max_tokens: 50, messages: [{ role: 'user', content: 'Say mill.' }] },
    });
    await response.arrayBuffer();
    return response.status;
  };
  return { simulated, run, chat };
}

async function read(simulated: Simulated): Promise<Shown> {
  return (await (await simulated.call('/api/v1/accounts/ant')).json()) as Shown;
}

function change(simulated: Simulated, body: unknown, id = 'ant'): Promise<Response> {
  return simulated.call(`/api/v1/accounts/${id}`, { method: 'PATCH', body });
}

async function problemsOf(response: Response): Promise<string[]> {
  assert.equal(response.status, 422);
  const { problems } = (await response.json()) as { problems: { message: string; fix: string }[] };
  return problems.map(({ message, fix }) => `${message} ${fix}`);
}

describe('an account that was added is changed in place', () => {
  it('and a raised limit lets the next call through, while what was used still counts', async (t) => {
    const { simulated, run, chat } = await start(t);
    assert.equal(await chat(), 200);
    assert.notEqual(await chat(), 200);
    const raised = await run('change', 'ant', '--limit', 'rpd=100', '--weight', '2');
    assert.equal(raised.code, 0, raised.shown);
    assert.match(raised.printed, /limits: \* rpd 100, tpm 90,000 \(was \* rpd 1, tpm 90,000\)/);
    assert.match(raised.printed, /weight: 2 \(was 1\)/);
    assert.equal(await chat(), 200);
    const shown = await run('show', 'ant');
    assert.match(shown.printed, /\* +rpd +2 +100/);
    assert.match(shown.printed, /account\.changed: .*weight 1 → 2/);
    const again = await run('change', 'ant', '--weight', '2');
    assert.match(again.printed, /is so already/);
    const { events } = await read(simulated);
    assert.deepEqual(
      events.filter(({ type: name }) => name === 'account.changed').map(({ data }) => data.changes),
      [
        {
          limits: {
            from: [{ models: ['*'], tpm: 90_000, rpd: 1 }],
            to: [{ models: ['*'], tpm: 90_000, rpd: 100 }],
          },
          weight: { from: 1, to: 2 },
        },
      ],
    );
  });

  it('in what is named alone; null takes back what was said', async (t) => {
    const { simulated, run } = await start(t);
    const body = { owner_email: 'binh@example.com', models: ['claude-*'], price_factor: 0.8 };
    assert.equal((await change(simulated, body)).status, 200);
    const changed = await read(simulated);
    assert.deepEqual(
      [changed.owner_email, changed.models, changed.price_factor, changed.entitlement],
      ['binh@example.com', ['claude-*'], 0.8, 'unit A'],
    );
    assert.deepEqual(changed.limits, [{ models: ['*'], tpm: 90_000, rpd: 1 }]);
    const taken = await run(
      ...['change', 'ant', '--owner-email', 'none', '--models', 'all', '--limit', 'learn'],
    );
    assert.match(taken.printed, /owner: not stated \(was binh@example\.com\)/);
    assert.match(taken.printed, /models: all \(was claude-\*\)/);
    const after = await read(simulated);
    assert.deepEqual([after.owner_email, after.models, after.limits], [null, [], []]);
    assert.deepEqual([after.price_factor, after.weight, after.state], [0.8, 1, 'active']);
  });

  it('and keeps its state, its keys and its change over a restart', async (t) => {
    const { simulated, run } = await start(t);
    assert.equal((await run('drain', 'ant')).code, 0);
    assert.equal((await change(simulated, { weight: 3 })).status, 200);
    assert.equal((await read(simulated)).state, 'draining');
    await simulated.headrace.close();
    const again = await simulated.restart();
    const { weight, state } = await read(again);
    assert.deepEqual([weight, state], [3, 'draining']);
  });
});

describe('a change of an account is refused', () => {
  it('where its address, its provider, its id or its keys are named, with the way that there is', async (t) => {
    const { simulated } = await start(t);
    const elsewhere = { base_url: 'https://collector.example.com' };
    const [address = ''] = await problemsOf(await change(simulated, elsewhere));
    assert.match(address, /base_url cannot be changed\..* never sent to another address/);
    const many = await problemsOf(
      await change(simulated, { id: 'x', provider: 'openai', credentials: [], wieght: 2 }),
    );
    assert.deepEqual(many.map((each) => each.split(' ').slice(0, 3).join(' ')).toSorted(), [
      'credentials cannot be',
      'id cannot be',
      'provider cannot be',
      'wieght is not',
    ]);
    assert.match(many.join('\n'), /Did you mean "weight"\?/);
    const [list = ''] = await problemsOf(await change(simulated, [{ weight: 2 }]));
    assert.match(list, /Write an object with what changes/);
  });

  it('where its pool would be without an entitlement that its vendor asks for', async (t) => {
    const { simulated, run } = await start(t);
    for (const id of ['oa-a', 'oa-b']) {
      const body = {
        ...{ id, provider: 'openai', entitlement: `unit ${id}` },
        credentials: [{ id: 'k1', secret: `sk-${id}` }],
      };
      assert.equal((await simulated.call('/api/v1/accounts', { body })).status, 201);
    }
    const refused = await run('change', 'oa-a', '--entitlement', 'none');
    assert.equal(refused.code, 2);
    assert.match(refused.shown, /entitlement is missing.*terms forbid several accounts/);
    const warned = await run('change', 'ant', '--entitlement', 'none');
    assert.equal(warned.code, 0, warned.shown);
  });

  it('where it is declared elsewhere or is not there, or nothing is named', async (t) => {
    const { simulated, run } = await start(t);
    const missing = await change(simulated, { weight: 2 }, 'nobody');
    assert.equal(missing.status, 404);
    const nothing = await run('change', 'ant');
    assert.equal(nothing.code, 2);
    assert.match(nothing.shown, /--limit rpm=600/);
    const declared = await startSimulated(t, { latencyScale: 0 });
    const response = await change(declared, { weight: 2 }, 'openai-a');
    assert.equal(response.status, 409);
    const { code } = (await response.json()) as { code: string };
    assert.equal(code, 'account_declared');
  });
});
