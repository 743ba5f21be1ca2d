import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CliError } from '../cli-error.ts';
import { readAccountRows } from './read-account-rows.ts';
import { readLimit } from './read-limit.ts';

const header = 'id,provider,owner_email,entitlement,models,secret,rpm,tpm,concurrency';

function fault(text: string): CliError {
  try {
    readAccountRows(text, 'accounts.csv');
  } catch (error) {
    assert.ok(error instanceof CliError, String(error));
    return error;
  }
  assert.fail('it was read');
}

test('a row is an account: empty limits are learnt, none is unlimited, quoted cells may hold commas', () => {
  const file = readAccountRows(
    [
      `\uFEFF${header}`,
      'a,openai,an@example.com,"contract 1, unit A",gpt-* o4-mini,sk-a,500,2_000_000,none',
      '',
      '# no comment,openai,,,,sk,,,',
      'b,qwen,,,,sk-b,,,',
    ].join('\r\n'),
    'accounts.csv',
  );
  assert.deepEqual(file.accounts[0], {
    id: 'a',
    provider: 'openai',
    owner_email: 'an@example.com',
    entitlement: 'contract 1, unit A',
    models: ['gpt-*', 'o4-mini'],
    limits: [{ models: ['*'], rpm: 500, tpm: 2_000_000, concurrency: null }],
    credentials: [{ id: 'k1', secret: 'sk-a' }],
  });
  assert.deepEqual(file.accounts[2], {
    id: 'b',
    provider: 'qwen',
    credentials: [{ id: 'k1', secret: 'sk-b' }],
  });
  assert.deepEqual(
    [0, 1, 2].map((index) => file.locate(index, [])),
    ['accounts.csv:2', 'accounts.csv:4', 'accounts.csv:5'],
  );
});

test('a row may say its weight and its price, and what is no number is left for the gateway to name', () => {
  const { accounts } = readAccountRows(
    'id,provider,secret,weight,price_factor\na,qwen,sk-a,2.5,0.8\nb,qwen,sk-b,heavy,\n',
    'accounts.csv',
  );
  const credentials = (secret: string) => [{ id: 'k1', secret }];
  assert.deepEqual(accounts, [
    { id: 'a', provider: 'qwen', weight: 2.5, price_factor: 0.8, credentials: credentials('sk-a') },
    { id: 'b', provider: 'qwen', weight: 'heavy', credentials: credentials('sk-b') },
  ]);
});

test('the key of an administrator stands beside the one that calls', () => {
  const text =
    'id,provider,secret,admin_secret,admin_project\na,openai,sk-a,sk-admin,proj_1\nb,qwen,sk-b,,';
  const { accounts } = readAccountRows(text, 'accounts.csv');
  assert.deepEqual(
    accounts.map((account) => (account as { credentials: object[] }).credentials),
    [
      [
        { id: 'k1', secret: 'sk-a' },
        { id: 'admin', secret: 'sk-admin', kind: 'admin', project: 'proj_1' },
      ],
      [{ id: 'k1', secret: 'sk-b' }],
    ],
  );
});

test('a damaged file is refused at its line, and its keys are not repeated', () => {
  const short = fault(`${header}\na,openai,,,,sk-secret,1,2,3\nb,openai,sk-other\n`);
  assert.equal(short.where, 'accounts.csv:3');
  const open = fault(`${header}\na,openai,"never closed,,,sk-secret,1,2,3\n`);
  assert.match(open.where ?? '', /^accounts\.csv:\d$/);
  for (const error of [short, open]) assert.doesNotMatch(error.message + error.fix, /sk-/);
  assert.match(fault('id,provider,key\na,b,c').message, /unknown column "key"/);
  assert.match(fault('id,provider\na,b').message, /lacks the column secret/);
  assert.match(fault(`${header}\n`).message, /no row below its header/);
});

test('a limit is written as name=number, for all models or for some', () => {
  assert.deepEqual(readLimit('rpm=500,tpm=none'), { models: ['*'], rpm: 500, tpm: null });
  assert.deepEqual(readLimit('claude-opus-* claude-fable-*:rpm=50'), {
    models: ['claude-opus-*', 'claude-fable-*'],
    rpm: 50,
  });
  // A number that no limit can be is named by the gateway, with the numbers that it can be.
  assert.deepEqual(readLimit('rpm=-1,tpm=1.5'), { models: ['*'], rpm: -1, tpm: 1.5 });
  for (const wrong of ['rpm', 'rps=5', 'rpm=many', 'rpm=1e3', '']) {
    assert.throws(() => readLimit(wrong), CliError, wrong);
  }
});
