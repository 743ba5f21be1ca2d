import { delimiter } from 'node:path';

// A key of the environment would make a test call a vendor and spend money, and a setting would change
// what it tests; PG… are read by the PostgreSQL client.
const removed =
  /^(HEADRACE_(?!TEST_)\w*|\w+_API_KEY|DATABASE_URL|REDIS_URL|KAFKA_BROKERS|RABBITMQ_URL|OLLAMA_HOST|PORT|PG[A-Z]+|NODE_TEST_CONTEXT)$/;

/** The environment of the tests: without this person's keys and settings, with this Node first on the PATH. */
export function testEnvironment(env: NodeJS.ProcessEnv, nodeFolder: string): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !removed.test(name));
  // A test that starts `node` or ./headrace must not meet the old one that brought this one here.
  const path = [nodeFolder, env['PATH']].filter(Boolean).join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path };
}
