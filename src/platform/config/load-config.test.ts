import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHeadraceError } from '../errors/headrace-error.ts';
import { failure, load } from './load-given.ts';

const account = (fields = '', id = 'team-a', provider = 'openai') =>
  `  - id: ${id}\n    provider: ${provider}\n    credentials: [{ id: k1, secret: "${id}-secret" }]\n${fields}`;

test('nothing set is a working configuration without accounts', () => {
  const config = load();
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 8080);
  assert.equal(config.dataDir, '/home/an/.local/state/headrace');
  assert.equal(config.configFile, null);
  assert.deepEqual(config.accounts, []);
  assert.deepEqual(config.warnings, []);
  assert.deepEqual(config.ollama, { url: 'http://127.0.0.1:11434', configured: false });
  assert.equal(config.aliases['gpt-4'], 'openai/gpt-5.6-sol');
});

test('the whole documented file is read', () => {
  const config = load({
    env: { OPENAI_KEY_A: 'sk-a', HEADRACE_UPSTREAM_ALLOW_CIDRS: '10.0.0.0/8' },
    yaml: `
providers:
  - { id: vllm-hn, type: openai-compatible, base_url: "http://10.0.0.7:8000/v1/" }
accounts:
  - id: openai-team-a
    provider: openai
    owner_email: platform@example.com
    entitlement: "contract 2026-114, business unit A"
    base_url: "https://proxy.example.com/v1"
    models: ["gpt-*"]
    credentials: [{ id: k1, secret: "\${OPENAI_KEY_A}" }]
    limits:
      - { models: ["*"], rpm: 500, rpd: 10000, tpm: 2000000, itpm: null, concurrency: 50 }
aliases: { gpt-4: openai/gpt-6-sol, local: vllm-hn/meta-llama/Llama-4 }
prices: { openai/gpt-6-sol: { input: 2.5, output: 10, cached_input: 0.25 } }
`,
  });
  assert.equal(config.configFile, '/srv/app/headrace.yaml');
  assert.deepEqual(config.providers, [
    { id: 'vllm-hn', type: 'openai-compatible', baseUrl: 'http://10.0.0.7:8000/v1' },
  ]);
  assert.deepEqual(config.accounts, [
    {
      id: 'openai-team-a',
      provider: 'openai',
      ownerEmail: 'platform@example.com',
      entitlement: 'contract 2026-114, business unit A',
      baseUrl: 'https://proxy.example.com/v1',
      models: ['gpt-*'],
      credentials: [{ id: 'k1', secret: 'sk-a' }],
      // `otpm` is absent, not undefined: it is to be learnt.
      limits: [
        { models: ['*'], rpm: 500, rpd: 10_000, tpm: 2_000_000, itpm: null, concurrency: 50 },
      ],
      weight: 1,
      priceFactor: 1,
      managedBy: 'file',
    },
  ]);
  assert.equal(config.aliases['gpt-4'], 'openai/gpt-6-sol');
  assert.equal(config.aliases['local'], 'vllm-hn/meta-llama/Llama-4');
  assert.equal(config.aliases['claude-3'], 'anthropic/claude-sonnet-5-5');
  assert.deepEqual(config.prices, {
    'openai/gpt-6-sol': { input: 2.5, output: 10, cachedInput: 0.25 },
  });
});

test('a key that the file takes from the environment is one account, not two', () => {
  const yaml =
    'accounts:\n  - { id: a, provider: openai, credentials: [{ id: k, secret: "${OPENAI_API_KEY}" }] }\n';
  const { accounts } = load({ yaml, env: { OPENAI_API_KEY: 'sk-1' } });
  assert.deepEqual(
    accounts.map(({ id }) => id),
    ['a'],
  );
});

test('a wrong limit names its path, its place, the shape and the fix', () => {
  const error = failure({
    yaml: `accounts:\n${account('    limits:\n      - { models: ["*"], rpm: 0 }\n')}`,
  });
  assert.equal(error.code, 'config_invalid');
  assert.equal(error.message, 'accounts[0].limits[0].rpm is 0.');
  assert.equal(error.where, 'headrace.yaml:6:26');
  assert.match(error.fix, /whole number from 1 to 10000000, null for unlimited/);
});

test('no limit is taken that cannot be one', () => {
  for (const [value, wrong] of [
    ['-1', 'is -1'],
    ['1.5', 'is 1.5'],
    ['"500"', 'is the text "500"'],
    ['.inf', 'is Infinity'],
    ['.nan', 'is NaN'],
    ['99999999999', 'is 99999999999'],
    ['true', 'is true'],
    ['[]', 'is an empty list'],
  ]) {
    const yaml = `accounts:\n${account(`    limits: [{ models: ["*"], rpm: ${value} }]\n`)}`;
    assert.equal(failure({ yaml }).message, `accounts[0].limits[0].rpm ${wrong}.`);
  }
});

test('a weight and a price factor are taken within their ranges, and refused outside', () => {
  const [read] = load({
    yaml: `accounts:\n${account('    weight: 2.5\n    price_factor: 0\n')}`,
  }).accounts;
  assert.deepEqual([read?.weight, read?.priceFactor], [2.5, 0]);
  for (const [key, value, wrong, fix] of [
    ['weight', '0', 'is 0', /above 0 and up to 100/],
    ['weight', '-1', 'is -1', /above 0 and up to 100/],
    ['weight', '101', 'is 101', /above 0 and up to 100/],
    ['weight', 'heavy', 'is the text "heavy"', /above 0 and up to 100/],
    ['price_factor', '-0.1', 'is -0.1', /from 0 to 100/],
    ['price_factor', '.inf', 'is Infinity', /from 0 to 100/],
  ] as const) {
    const error = failure({ yaml: `accounts:\n${account(`    ${key}: ${value}\n`)}` });
    assert.equal(error.message, `accounts[0].${key} ${wrong}.`);
    assert.match(error.where ?? '', /^headrace\.yaml:5:/);
    assert.match(error.fix, fix);
  }
});

test('everything that is wrong is said at once, whatever it is wrong with', () => {
  const error = failure({
    yaml: `accounts:
${account('    limits: [{ models: ["*"], rpm: 0 }]\n', 'shape')}${account('    limits: [{ models: ["*"], rpm: 9, rpd: 5 }]\n', 'odd', 'qwen')}${account('', 'one')}${account('', 'two')}${account('', 'one', 'deepseek')}
aliases: { "a b": openai/x }
`,
    checkAccount: ({ id }, path) =>
      id === 'two' ? [{ path: [...path, 'limits'], wrong: 'is unheard of', fix: 'Mend it.' }] : [],
    env: { PORT: 'many' },
  });
  for (const [line, wrong] of [
    ['PORT', 'is "many"'],
    [5, 'limits[0].rpm is 0'],
    [9, 'limits[0].rpd is 5, less than the 9 requests of one minute'],
    [13, 'limits is unheard of'],
    [16, 'id repeats the id one'],
    [20, 'aliases'],
  ] as const) {
    const place = typeof line === 'number' ? `headrace\\.yaml:${line}:` : line;
    const escaped = wrong.replace(/[[\]().]/g, '\\$&');
    assert.match(error.message, new RegExp(`\\n  ${place}.*${escaped}`), wrong);
  }
});

test('an unknown key is refused with the one that was probably meant', () => {
  for (const [yaml, key, meant] of [
    ['acounts: []', 'acounts', 'accounts'],
    [
      `accounts:\n${account('    base-url: "https://x.example"\n')}`,
      'accounts[0].base-url',
      'base_url',
    ],
    [
      `accounts:\n${account('    limits: [{ models: ["*"], rmp: 5 }]\n')}`,
      'accounts[0].limits[0].rmp',
      'rpm',
    ],
    [
      'prices: { openai/x: { input: 1, output: 1, cachedinput: 1 } }',
      'prices["openai/x"].cachedinput',
      'cached_input',
    ],
  ] as const) {
    const error = failure({ yaml });
    assert.equal(error.message, `${key} is not a key that is known here.`);
    assert.match(error.fix, new RegExp(`Did you mean "${meant}"\\?`));
  }
});

test('variables are expanded in the secrets of credentials and nowhere else', () => {
  const missing = failure({
    yaml: 'accounts:\n  - { id: a, provider: openai, credentials: [{ id: k, secret: "${NOPE}" }] }',
  });
  assert.equal(missing.message, 'accounts[0].credentials[0].secret names NOPE, which is not set.');
  const stray = failure({
    env: { HOST: 'evil.example' },
    yaml: `accounts:\n${account('    base_url: "https://${HOST}/"\n')}`,
  });
  assert.match(stray.fix, /Write/);
  assert.ok(!stray.message.includes('evil.example'));
  assert.match(
    failure({ env: { X: '1' }, yaml: `accounts:\n${account('    entitlement: "${X}"\n')}` })
      .message,
    /expanded only/,
  );
});

test('no message holds a secret', () => {
  const canary = 'sk-CANARY-0123456789';
  for (const yaml of [
    `accounts:\n  - { id: a, provider: openai, credentials: [{ id: ${canary}, secret: x }] }`,
    `accounts:\n  - { id: a, provider: openai, credentials: [{ id: k, secret: [${canary}] }] }`,
    `accounts:\n  - { id: a, provider: openai, credentials: [{ id: k, ${canary}: x }] }`,
    `accounts:\n  - { id: a, provider: openai, credentials: "${canary}" }`,
    `accounts:\n  - { id: a, provider: openai, credentials: [{ id: k, secret: "${canary} x" }] }`,
    `accounts:\n  - id: a\n    credentials: [{ id: k, secret: "x" ${canary} }]`,
    `accounts:\n  - id: a\n    base_url: "https://u:${canary}@h.example"\n    provider: openai\n    credentials: [{ id: k, secret: x }]`,
    `accounts: *${canary}`,
  ]) {
    const { message, where, fix } = failure({ yaml });
    assert.ok(!`${message} ${where} ${fix}`.includes('CANARY'), `${message} ${where} ${fix}`);
  }
});

test('a file that is no YAML is refused with its line', () => {
  const error = failure({ yaml: 'accounts:\n\t- id: a\n' });
  assert.equal(error.where, 'headrace.yaml:2:1');
  assert.match(failure({ yaml: 'accounts: []\naccounts: []\n' }).message, /same key twice/);
  assert.equal(failure({ yaml: 'just text' }).message, 'The document is the text "just text".');
  assert.deepEqual(load({ yaml: '# nothing yet\n' }).accounts, []);
});

test('a named file that is missing or unreadable stops the start', () => {
  assert.match(failure({ env: { HEADRACE_CONFIG: 'other.yaml' } }).message, /not there/);
  const unreadable = () => {
    throw new Error('EACCES');
  };
  assert.match(failure({ machine: { readText: unreadable } }).message, /cannot be read: EACCES/);
});

test('accounts that OpenAI or Google would call farming are refused with the reason', () => {
  for (const provider of ['openai', 'gemini']) {
    const yaml = `accounts:\n${account('    entitlement: unit A\n', 'a', provider)}${account('', 'b', provider)}`;
    const error = failure({ yaml });
    assert.match(error.message, /^accounts\[1\]\.entitlement is missing, although b is pooled/);
    assert.match(error.message, /terms forbid several accounts/);
  }
  const both = `accounts:\n${account('    entitlement: A\n', 'a')}${account('    entitlement: B\n', 'b')}`;
  assert.equal(load({ yaml: both }).accounts.length, 2);
  const withEnv = failure({
    yaml: `accounts:\n${account('    entitlement: A\n')}`,
    env: { OPENAI_API_KEY: 'sk-2' },
  });
  assert.equal(withEnv.where, 'OPENAI_API_KEY');
  assert.match(withEnv.fix, /Unset OPENAI_API_KEY/);
});

test('elsewhere unentitled pools are warned about, and one account alone never', () => {
  const yaml = `accounts:\n${account('', 'a', 'deepseek')}${account('', 'b', 'deepseek')}${account('', 'c', 'openai')}`;
  const { warnings } = load({ yaml });
  assert.deepEqual(
    warnings.map(({ where }) => where),
    ['accounts[0].entitlement', 'accounts[1].entitlement'],
  );
});

test('repeated ids, keys and providers are refused', () => {
  const twice = `accounts:\n${account('', 'a', 'qwen')}${account('', 'a', 'qwen')}`;
  assert.match(failure({ yaml: twice }).message, / accounts\[1\]\.id repeats the id a/);
  const sameKey =
    'accounts:\n' +
    ['a', 'b']
      .map((id) => `  - { id: ${id}, provider: qwen, credentials: [{ id: k, secret: s3 }] }\n`)
      .join('');
  assert.match(failure({ yaml: sameKey }).message, /secret is the same key as one of account a/);
  const shadow =
    'providers: [{ id: openai, type: openai-compatible, base_url: "https://x.example" }]';
  assert.match(failure({ yaml: shadow }).message, /is openai, which is taken/);
});

test('a provider must be known or declared, wherever it is named', () => {
  assert.match(
    failure({ yaml: `accounts:\n${account('', 'a', 'opnai')}` }).fix,
    /Did you mean openai\?/,
  );
  assert.match(
    failure({ yaml: 'aliases: { fast: nowhere/x }' }).message,
    /names the provider "nowhere"/,
  );
  assert.match(
    failure({ yaml: 'prices: { nowhere/x: { input: 1, output: 1 } }' }).message,
    /nowhere/,
  );
  assert.equal(load({ yaml: 'aliases: { fast: headrace/auto }' }).aliases['fast'], 'headrace/auto');
});

test('an upstream address is judged with the allowed networks', () => {
  const yaml = `accounts:\n${account('    base_url: "http://10.0.0.7/v1"\n')}`;
  assert.match(failure({ yaml }).message, /base_url is refused: it lies in a private network/);
  assert.match(failure({ yaml }).fix, /HEADRACE_UPSTREAM_ALLOW_CIDRS/);
  const env = { HEADRACE_UPSTREAM_ALLOW_CIDRS: '10.0.0.0/8, ::1/128' };
  assert.equal(load({ yaml, env }).accounts[0]?.baseUrl, 'http://10.0.0.7/v1');
  const metadata = `accounts:\n${account('    base_url: "http://169.254.169.254/"\n')}`;
  assert.match(
    failure({ yaml: metadata, env: { HEADRACE_UPSTREAM_ALLOW_CIDRS: '0.0.0.0/0' } }).message,
    /metadata/,
  );
});

test('whatever is written, loading succeeds or fails with one of our errors', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.boolean(),
    fc.constant('${X}'),
  );
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'id',
      'provider',
      'models',
      'credentials',
      'limits',
      'secret',
      'rpm',
      '__proto__',
    ),
  );
  const node = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 5 }, scalar, fc.array(tie('any')), fc.dictionary(key, tie('any'))),
  })).any;
  const document = fc.record(
    { accounts: node, providers: node, aliases: node, prices: node },
    { requiredKeys: [] },
  );
  const yaml = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    document.map((value) => JSON.stringify(value)),
  );
  const variable = fc.constantFrom(
    'PORT',
    'HEADRACE_HOST',
    'DATABASE_URL',
    'OLLAMA_HOST',
    'HEADRACE_SECRET_KEY',
    'HEADRACE_DATA_DIR',
    'OPENAI_API_KEY',
    'HEADRACE_UPSTREAM_ALLOW_CIDRS',
  );
  fc.assert(
    fc.property(yaml, fc.dictionary(variable, fc.string(), { maxKeys: 2 }), (text, env) => {
      try {
        load({ yaml: text, env });
      } catch (error) {
        assert.ok(isHeadraceError(error), String(error));
        for (const line of error.message.split('\n')) assert.ok(line.length < 600, line);
      }
    }),
    { numRuns: 1000 },
  );
});

test('everything that is wrong is said at once, each with its place and what to do', () => {
  const error = failure({
    env: { HEADRACE_PORT: 'many', HEADRACE_LOG_LEVEL: 'loud' },
    yaml: `accounts:\n${account('    limits: [{ models: ["*"], rpm: 0 }]\n', 'team-a', 'openia')}    colour: red\n`,
  });
  assert.match(error.message, /^5 values of the configuration are wrong:/);
  const lines = error.message.split('\n').slice(1);
  assert.equal(lines.length, 5);
  assert.ok(
    lines.some((line) => /provider names the provider "openia".*Did you mean openai/.test(line)),
  );
  assert.match(lines[0] ?? '', /^ {2}HEADRACE_PORT is "many"\. Write a port/);
  assert.ok(
    lines.some((line) => /headrace\.yaml:5:\d+: accounts\[0\]\.limits\[0\]\.rpm is 0/.test(line)),
  );
  assert.ok(
    lines.some((line) => /headrace\.yaml:6:\d+: accounts\[0\]\.colour is not a key/.test(line)),
  );
});
