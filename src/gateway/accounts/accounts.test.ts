import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account, Gauge } from '../../accounts/index.ts';
import { adminKey, createTestGateway, memberKey } from '../test-gateway.ts';

const at = Date.UTC(2026, 0, 1);
const account: Account = {
  id: 'openai-team-a',
  provider: 'openai',
  weight: 1,
  priceFactor: 1,
  managedBy: 'file',
  ownerEmail: 'platform@example.com',
  entitlement: null,
  baseUrl: null,
  models: ['gpt-*'],
  limits: [{ models: ['gpt-*'], rpm: 10, tpm: null }],
  state: 'cooling',
  stateReason: { kind: 'rate_limited', message: 'slow', provenance: 'stated', since: at },
  stateUntil: at + 1000,
  pauses: [
    {
      modelClass: 'rule:gpt-*',
      dimension: 'tpm',
      state: 'cooling',
      kind: 'rate_limited',
      message: 'slow',
      provenance: 'stated',
      times: 1,
      since: at,
      until: at + 1000,
    },
  ],
  adminCredentials: [],
  credentials: [
    { id: 'k1', fingerprint: 'f00d', addedAt: at, retiresAt: null, refusedAt: null, probeAt: null },
  ],
};
const gauges: Gauge[] = [
  {
    accountId: account.id,
    modelClass: 'rule:gpt-*',
    dimension: 'rpm',
    limit: 10,
    learning: false,
    used: 8,
    foreign: 6,
    pauses: [],
  },
  {
    accountId: account.id,
    modelClass: 'rule:gpt-*',
    dimension: 'concurrency',
    limit: null,
    learning: false,
    used: 2,
    foreign: 0,
    pauses: [],
  },
];

test('accounts are shown with state and pauses, and without anything that is not documented', async (t) => {
  const leaky = Object.assign({ sealed: 'sk-secret' }, account);
  leaky.credentials = [Object.assign({ secret: 'sk-secret' }, account.credentials[0])];
  const gateway = await createTestGateway(t, {
    accounts: {
      list: async () => [leaky],
      read: async () => leaky,
      events: async () => [{ type: 'account.added', at, data: {} }],
      gauges: () => gauges,
    },
  });
  const list = await gateway.inject({ url: '/api/v1/accounts', headers: adminKey });
  assert.doesNotMatch(list.body, /sk-secret/);
  const [shown] = list.json().data;
  assert.equal(shown.in_flight, 2);
  assert.equal(shown.buckets, undefined);
  assert.deepEqual(shown.foreign_use, { models: ['gpt-*'], dimension: 'rpm', share: 0.75 });
  assert.deepEqual(shown.pauses, [
    {
      state: 'cooling',
      kind: 'rate_limited',
      models: ['gpt-*'],
      dimension: 'tpm',
      provenance: 'stated',
      since: '2026-01-01T00:00:00.000Z',
      until: '2026-01-01T00:00:01.000Z',
      message: 'slow',
    },
  ]);
  const one = await gateway.inject({ url: `/api/v1/accounts/${account.id}`, headers: adminKey });
  assert.doesNotMatch(one.body, /sk-secret/);
  assert.deepEqual(one.json().buckets, [
    { models: ['gpt-*'], dimension: 'rpm', limit: 10, learning: false, used: 8, foreign: 6 },
    {
      models: ['gpt-*'],
      dimension: 'concurrency',
      limit: null,
      learning: false,
      used: 2,
      foreign: 0,
    },
  ]);
  assert.deepEqual(one.json().events, [
    { type: 'account.added', at: '2026-01-01T00:00:00.000Z', data: {} },
  ]);
});

test('only administrators may see or change accounts', async (t) => {
  const gateway = await createTestGateway(t);
  for (const [method, url] of [
    ['GET', '/api/v1/accounts'],
    ['GET', '/api/v1/accounts/a'],
    ['POST', '/api/v1/accounts'],
    ['POST', '/api/v1/accounts/import'],
    ['POST', '/api/v1/accounts/explain'],
    ['POST', '/api/v1/accounts/a/drain'],
    ['POST', '/api/v1/accounts/a/credentials'],
    ['DELETE', '/api/v1/accounts/a'],
  ] as const) {
    const response = await gateway.inject({ method, url, headers: memberKey });
    assert.equal(response.statusCode, 403, `${method} ${url}`);
  }
});
