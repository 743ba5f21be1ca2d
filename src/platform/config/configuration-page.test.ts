import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultAliases } from './default-aliases.ts';
import { keyVariables } from './known-providers.ts';
import { load } from './load-given.ts';

const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';

test('the example of docs/configuration.md is a configuration that loads', () => {
  const config = load({ yaml: example, env: { OPENAI_KEY_A: 'sk-a' } });
  assert.equal(config.accounts[0]?.limits[0]?.rpm, 500);
  assert.deepEqual(Object.keys(config.prices), ['openai/gpt-5.6-sol']);
  assert.equal(config.providers[0]?.id, 'vllm-hn');
});

test('the page names every variable that is read, and every alias that is there by default', () => {
  const source = readFileSync(new URL('./read-environment.ts', import.meta.url), 'utf8');
  const read = new Set(
    source.match(
      /\b(HEADRACE_[A-Z_]+[A-Z]|PORT|DATABASE_URL|REDIS_URL|KAFKA_BROKERS|RABBITMQ_URL|OLLAMA_HOST)\b/g,
    ),
  );
  const names = [...read, ...Object.values(keyVariables), ...Object.keys(defaultAliases)];
  assert.deepEqual(
    names.filter((name) => !page.includes(`\`${name}\``)),
    [],
  );
});
