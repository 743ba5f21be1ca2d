import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import {
  type SimulatedAccount,
  type SimulatorOptions,
  startSimulator,
} from '../simulator/index.ts';
import type { AccountSpec } from '../src/accounts/index.ts';
import type { Clock } from '../src/platform/clock.ts';
import { type Log, silentLog } from '../src/platform/log.ts';
import { createManualClock } from '../src/platform/manual-clock.ts';
import { eventually } from './eventually.ts';
import { sendJson } from './fake-upstream.ts';
import { noRedis, startRedis } from './redis-server.ts';
import { newOrder, simulatedSpecs, startDispatch } from './start-dispatch.ts';

interface Setting extends SimulatorOptions {
  /** What the account is declared with, beside its address and keys; no limits. */
  declared?: Partial<AccountSpec>;
  time?: Clock;
  redisUrl?: string;
}

/** One account at a simulated vendor, which knows its limits; Headrace was told none. */
async function start(
  t: TestContext,
  id: string,
  { declared, time, redisUrl, ...options }: Setting = {},
) {
  // A copy, for tests change what the vendor knows.
  const accounts = [structuredClone(await drawn(id))];
  const simulator = await startSimulator({ latencyScale: 0, accounts, ...options });
  t.after(() => simulator.close());
  const [account] = simulator.accounts;
  assert.ok(account);
  const warned: string[] = [];
  const log: Log = { ...silentLog, warn: (event) => void warned.push(event) };
  const [spec] = simulatedSpecs([account]);
  assert.ok(spec);
  const clock = time ? { clock: time } : {};
  const { dispatch } = await startDispatch(t, {
    accounts: [{ ...spec, limits: [], ...declared }],
    log,
    config: redisUrl ? { redisUrl } : {},
    ...clock,
  });
  const limitsOf = (model: string) =>
    Object.fromEntries(
      dispatch
        .gauges(id)
        .filter(({ modelClass, limit }) => modelClass.includes(model) && limit !== null)
        .map(({ dimension, limit }) => [dimension, limit]),
    );
  const setFaults = async (faults: object) => {
    const body = JSON.stringify(faults);
    const reply = await fetch(`${simulator.url}/_simulator/faults`, { method: 'POST', body });
    assert.equal(reply.status, 200, await reply.text());
  };
  return { account, dispatch, limitsOf, setFaults, warned };
}

function withAdmin({ secret, admin }: SimulatedAccount, project = admin?.project ?? null) {
  assert.ok(admin);
  return [
    { id: 'k1', secret },
    { id: 'admin', secret: admin.secret, admin: { project } },
  ];
}

/** The secrets that the simulator draws, known before it starts. */
async function drawn(id: string): Promise<SimulatedAccount> {
  const simulator = await startSimulator({ latencyScale: 0 });
  await simulator.close();
  const found = simulator.accounts.find((account) => account.id === id);
  assert.ok(found, id);
  return found;
}

/** So steeply OpenAI lets use grow at first, whatever the limits are. */
const ramp = { itpm: 1_000_000 };

describe('what vendors tell outside of calls', () => {
  it('learns the limits of an OpenAI project from an administrator, before any call', async (t) => {
    const credentials = withAdmin(await drawn('openai-a'));
    const { account, dispatch, limitsOf } = await start(t, 'openai-a', {
      declared: { credentials, limits: [{ models: ['gpt-6-luna'], tpm: 1000, rpm: 500 }] },
    });
    await eventually(async () =>
      assert.deepEqual(limitsOf('gpt-5.6-sol'), { ...ramp, rpm: 120, rpd: 10_000, tpm: 600_000 }),
    );
    // A limit of the vendor's counts, but never above the configured one.
    assert.deepEqual(limitsOf('gpt-6-luna'), { ...ramp, rpm: 120, rpd: 10_000, tpm: 1000 });

    const [limit] = account.limits;
    assert.ok(limit);
    Object.assign(limit, { rpm: 60, tpm: 300_000 });
    const probes = await dispatch.accounts.test('openai-a');
    assert.deepEqual(
      probes.map(({ credential, outcome }) => [credential, outcome]),
      [
        ['k1', 'accepted'],
        ['admin', 'accepted'],
      ],
    );
    assert.deepEqual(limitsOf('gpt-5.6-sol'), { ...ramp, rpm: 60, rpd: 10_000, tpm: 300_000 });
  });

  it('learns those of an Anthropic organisation, and of a workspace', async (t) => {
    const known = await drawn('anthropic-b');
    const expected = { rpm: 30, itpm: 200_000, otpm: 40_000 };
    for (const credentials of [withAdmin(known), withAdmin(known, null)]) {
      const { limitsOf } = await start(t, 'anthropic-b', { declared: { credentials } });
      await eventually(async () => assert.deepEqual(limitsOf('claude-opus-5-5'), expected));
    }
  });

  it('learns those of a DashScope key from the key itself, and calls within them', async (t) => {
    const { dispatch, limitsOf } = await start(t, 'qwen-c');
    await eventually(async () =>
      assert.deepEqual(limitsOf('qwen3.8-max'), { rpm: 120, tpm: 900_000 }),
    );
    const outcome = await dispatch.call(newOrder({ models: ['qwen/qwen3.8-max'] }));
    assert.equal(outcome.accountId, 'qwen-c');
  });

  it('learns them for all processes that share a Redis', { skip: noRedis }, async (t) => {
    const { url } = await startRedis(t);
    const { limitsOf } = await start(t, 'qwen-b', { redisUrl: url });
    await eventually(async () =>
      assert.deepEqual(limitsOf('qwen3.8-max'), { rpm: 300, tpm: 1_500_000 }),
    );
  });

  it('holds a key back whose own credits are used up at a router', async (t) => {
    let left = 0;
    const server = createServer((request, response) => {
      const isKey =
        request.url === '/api/v1/key' && request.headers.authorization === 'Bearer sk-or';
      sendJson(
        response,
        isKey
          ? { body: { data: { limit: 100, limit_remaining: left } } }
          : { status: 404, body: {} },
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => new Promise((resolve) => server.close(resolve)));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
    const { dispatch } = await startDispatch(t, {
      accounts: [
        {
          id: 'router-a',
          provider: 'router',
          ownerEmail: null,
          entitlement: null,
          baseUrl,
          models: ['m'],
          credentials: [{ id: 'k1', secret: 'sk-or' }],
          limits: [],
          weight: 1,
          priceFactor: 1,
          managedBy: 'simulation',
        },
      ],
      config: { providers: [{ id: 'router', type: 'openai-compatible', baseUrl }] },
    });
    const state = async () => (await dispatch.accounts.read('router-a')).state;
    await eventually(async () => assert.equal(await state(), 'quarantined'));
    left = 74.5;
    await dispatch.accounts.test('router-a');
    assert.equal(await state(), 'active');
  });

  it('never calls with the key of an administrator', async (t) => {
    const credentials = withAdmin(await drawn('openai-a')).toReversed();
    const { dispatch, limitsOf } = await start(t, 'openai-a', { declared: { credentials } });
    await eventually(async () => assert.equal(limitsOf('gpt-5.6-sol')['rpm'], 120));
    for (let calls = 0; calls < 4; calls += 1) await dispatch.call(newOrder());
    assert.equal((await dispatch.accounts.read('openai-a')).state, 'active');
  });

  it('changes nothing where it is refused, and says so once', async (t) => {
    const { secret } = await drawn('openai-a');
    const time = createManualClock(Date.now());
    const { dispatch, limitsOf, warned } = await start(t, 'openai-a', {
      time,
      declared: {
        credentials: [
          { id: 'k1', secret },
          { id: 'admin', secret: 'sk-admin-wrong', admin: { project: 'proj_1' } },
        ],
      },
    });
    const told = () => warned.filter((event) => event === 'account.quota_not_read').length;
    await eventually(async () => assert.equal(told(), 1));
    for (let quarters = 0; quarters < 3; quarters += 1) await time.advance(15 * 60_000);
    const probes = await dispatch.accounts.test('openai-a');
    assert.deepEqual(
      probes.map(({ credential, outcome, code }) => [credential, outcome, code]),
      [
        ['k1', 'accepted', null],
        ['admin', 'refused', 'invalid_api_key'],
      ],
    );
    assert.equal(told(), 1);
    assert.deepEqual(limitsOf('gpt-5.6-sol'), {});
    const { state, credentials } = await dispatch.accounts.read('openai-a');
    assert.deepEqual([state, credentials[0]?.refusedAt], ['active', null]);
  });

  it('holds an account back whose balance is used up, before a call fails, until it is paid', async (t) => {
    const { dispatch, setFaults } = await start(t, 'deepseek-a', {
      faults: { unpaid: ['deepseek-a'] },
    });
    const state = async () => (await dispatch.accounts.read('deepseek-a')).state;
    await eventually(async () => assert.equal(await state(), 'quarantined'));
    const [pause] = (await dispatch.accounts.read('deepseek-a')).pauses;
    assert.deepEqual([pause?.kind, pause?.provenance], ['billing', 'stated']);
    await assert.rejects(
      dispatch.call(newOrder({ models: ['deepseek/deepseek-v4-pro'], maxWaitMs: 0 })),
      { code: 'upstream_credentials_exhausted' },
    );
    await setFaults({ unpaid: [] });
    await dispatch.accounts.test('deepseek-a');
    assert.equal(await state(), 'active');
    const outcome = await dispatch.call(newOrder({ models: ['deepseek/deepseek-v4-pro'] }));
    assert.equal(outcome.accountId, 'deepseek-a');
    const events = (await dispatch.accounts.events('deepseek-a')).map(({ type }) => type);
    assert.deepEqual(events, ['account.took_back', 'account.held_back']);
  });

  it('asks again after a quarter of an hour', async (t) => {
    const time = createManualClock(Date.now());
    const { account, limitsOf } = await start(t, 'qwen-a', { time });
    const rpm = () => limitsOf('qwen3.8-max')['rpm'];
    await eventually(async () => assert.equal(rpm(), 600));
    Object.assign(account.limits[0] ?? {}, { rpm: 300 });
    await time.advance(14 * 60_000);
    assert.equal(rpm(), 600);
    await eventually(async () => {
      // In steps so small that the vendor can answer before the patience with it is at its end.
      await time.advance(1_000);
      assert.equal(rpm(), 300);
    });
  });
});
