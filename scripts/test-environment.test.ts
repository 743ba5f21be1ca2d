import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testEnvironment } from './test-environment.ts';

test("tests see none of a person's keys and settings", () => {
  const env = testEnvironment(
    {
      OPENAI_API_KEY: 'x',
      MISTRAL_API_KEY: 'x',
      HEADRACE_PORT: '1',
      HEADRACE_TEST_DATABASE_URL: 'postgres://x',
      DATABASE_URL: 'x',
      PGHOST: 'x',
      PORT: '1',
      HOME: '/h',
      PATH: '/usr/bin',
    },
    '/node/bin',
  );
  assert.deepEqual(env, {
    HEADRACE_TEST_DATABASE_URL: 'postgres://x',
    HOME: '/h',
    PATH: '/node/bin:/usr/bin',
  });
});
