import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure, load } from './load-given.ts';

test('flags win over the environment, and HEADRACE_PORT over PORT', () => {
  const env = {
    PORT: '3000',
    HEADRACE_PORT: '4000',
    HEADRACE_HOST: '0.0.0.0',
    HEADRACE_DATA_DIR: 'data',
  };
  const config = load({ env });
  assert.deepEqual([config.port, config.host, config.dataDir], [4000, '0.0.0.0', '/srv/app/data']);
  assert.equal(load({ env: { PORT: '3000' } }).port, 3000);
  assert.equal(load({ env, flags: { port: 5000 } }).port, 5000);
  assert.equal(load({ env, flags: { dataDir: '/d' } }).dataDir, '/d');
  assert.equal(load({ env: { HEADRACE_PORT: '0' } }).port, 0);
});

test('data lies where this user may write', () => {
  assert.equal(load({ machine: { isRoot: true } }).dataDir, '/var/lib/headrace');
  assert.equal(load({ machine: { inContainer: true } }).dataDir, '/var/lib/headrace');
  const unwritable = { inContainer: true, canWrite: () => false };
  assert.equal(load({ machine: unwritable }).dataDir, '/home/an/.local/state/headrace');
  assert.equal(load({ env: { XDG_STATE_HOME: '/x' } }).dataDir, '/x/headrace');
  assert.equal(load({ env: { XDG_STATE_HOME: 'x' } }).dataDir, '/home/an/.local/state/headrace');
  assert.equal(load({ env: { HEADRACE_DATA_DIR: '~/hr' } }).dataDir, '/home/an/hr');
});

test('each provider key of the environment is an account', () => {
  const env = {
    OPENAI_API_KEY: 'a',
    ANTHROPIC_API_KEY: 'b',
    GEMINI_API_KEY: 'c',
    DEEPSEEK_API_KEY: 'd',
    DASHSCOPE_API_KEY: ' e\n',
  };
  const { accounts } = load({ env });
  assert.deepEqual(
    accounts.map(({ id, managedBy, credentials }) => [id, managedBy, credentials[0]?.secret]),
    [
      ['openai-env', 'environment', 'a'],
      ['anthropic-env', 'environment', 'b'],
      ['gemini-env', 'environment', 'c'],
      ['deepseek-env', 'environment', 'd'],
      ['qwen-env', 'environment', 'e'],
    ],
  );
});

test('an adapter that does not exist yet is named, never ignored', () => {
  for (const variable of ['KAFKA_BROKERS', 'RABBITMQ_URL']) {
    const error = failure({ env: { [variable]: 'somewhere:1234' } });
    assert.match(
      error.message,
      new RegExp(`^${variable} is set, but this version has only the embedded`),
    );
  }
});

test('a Redis is taken as it is written, and refused where it is none', () => {
  assert.deepEqual([load().redisUrl, load().limiterFail], [null, 'closed']);
  const env = { REDIS_URL: 'rediss://u:p@cache.example:6380/2', HEADRACE_LIMITER_FAIL: 'open' };
  assert.deepEqual([load({ env }).redisUrl, load({ env }).limiterFail], [env.REDIS_URL, 'open']);
  for (const [variable, written] of [
    ['REDIS_URL', 'somewhere:secret-1234'],
    ['HEADRACE_LIMITER_FAIL', 'sometimes'],
  ] as const) {
    const error = failure({ env: { [variable]: written } });
    assert.equal(error.where, variable);
    assert.ok(!error.message.includes('secret'));
  }
});

test('a shared database needs a secret key of 32 bytes', () => {
  const DATABASE_URL = 'postgres://u:p@db.example/headrace';
  assert.equal(failure({ env: { DATABASE_URL } }).code, 'secret_key_required');
  const key = Buffer.alloc(32, 7).toString('base64');
  assert.equal(load({ env: { DATABASE_URL, HEADRACE_SECRET_KEY: key } }).secretKey?.length, 32);
  const readText = (path: string) => (path === '/run/key' ? `${key}\n` : null);
  assert.equal(
    load({ env: { HEADRACE_SECRET_KEY_FILE: '/run/key' }, machine: { readText } }).secretKey?.[0],
    7,
  );
  for (const env of [
    { HEADRACE_SECRET_KEY: 'a passphrase that is long enough for anyone' },
    { HEADRACE_SECRET_KEY: key.slice(0, 20) },
    { HEADRACE_SECRET_KEY_FILE: '/nowhere' },
    { HEADRACE_SECRET_KEY: key, HEADRACE_SECRET_KEY_FILE: '/run/key' },
    { DATABASE_URL: 'mysql://x/y', HEADRACE_SECRET_KEY: key },
  ]) {
    const error = failure({ env });
    assert.equal(error.code, 'config_invalid');
    assert.ok(!error.message.includes('passphrase'));
  }
});

test('a wrong variable of the environment is named with its shape', () => {
  for (const [env, key] of [
    [{ HEADRACE_PORT: '70000' }, 'HEADRACE_PORT'],
    [{ PORT: 'http' }, 'PORT'],
    [{ HEADRACE_HOST: 'a b' }, 'HEADRACE_HOST'],
    [{ HEADRACE_LOG_LEVEL: 'loud' }, 'HEADRACE_LOG_LEVEL'],
    [{ HEADRACE_ADMIN_KEY: 'short' }, 'HEADRACE_ADMIN_KEY'],
    [{ HEADRACE_UPSTREAM_ALLOW_CIDRS: '10.0.0.0' }, 'HEADRACE_UPSTREAM_ALLOW_CIDRS'],
    [{ OLLAMA_HOST: 'ftp://x' }, 'OLLAMA_HOST'],
    [{ OPENAI_API_KEY: 'a b' }, 'OPENAI_API_KEY'],
  ] as const) {
    const error = failure({ env });
    assert.equal(error.where, key);
    assert.ok(error.message.startsWith(`${key} `), error.message);
  }
});

test('a misspelt variable is warned about with the one that was probably meant', () => {
  const { warnings } = load({ env: { HEADRACE_DATADIR: '/d', HEADRACE_TEST_X: '1' } });
  assert.deepEqual(warnings, [
    {
      where: 'HEADRACE_DATADIR',
      message: 'HEADRACE_DATADIR is not known; did you mean HEADRACE_DATA_DIR?',
    },
  ]);
});

test('OLLAMA_HOST is read as Ollama reads it', () => {
  for (const [written, url] of [
    ['gpu1', 'http://gpu1:11434'],
    [':9999', 'http://127.0.0.1:9999'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['https://ollama.example', 'https://ollama.example'],
  ]) {
    assert.deepEqual(load({ env: { OLLAMA_HOST: written } }).ollama, { url, configured: true });
  }
});
