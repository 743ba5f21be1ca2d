import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTestServer } from '../test/server.ts';
import { runGuards } from './run-guards.ts';
import { runTests } from './run-tests.ts';
import { testEnvironment } from './test-environment.ts';

// `npm test` runs the guards and every test; `npm test -- src/queue journey '!embedded'` runs the tests
// whose path holds one of these texts and none of those after "!", and no guards. The last line sums up:
// `N passed, N failed`.

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const filters = process.argv.slice(2);
const wanted = filters.filter((filter) => !filter.startsWith('!'));
const unwanted = filters
  .filter((filter) => filter.startsWith('!'))
  .map((filter) => filter.slice(1));

const all = globSync(
  ['src', 'simulator', 'scripts', 'test', 'bench'].map((folder) => `${folder}/**/*.test.ts`),
);
const files = all
  .filter((file) => wanted.length === 0 || wanted.some((text) => file.includes(text)))
  .filter((file) => !unwanted.some((text) => file.includes(text)))
  .sort();

const guards = filters.length === 0 ? await runGuards(root) : { passed: 0, failed: 0 };
const tests = files.length === 0 ? noTests() : await testAll();
const passed = guards.passed + tests.passed;
const failed = guards.failed + tests.failed;
if (failed > 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);

function noTests() {
  console.error(`No test file matches ${filters.join(' ')}.`);
  return { passed: 0, failed: 1 };
}

async function testAll() {
  // In place, for the run's own option for it is younger than the oldest Node that we support.
  replaceEnvironment(testEnvironment(process.env, dirname(process.execPath)));
  // One server for all: a test gets a database of its own from a template, in milliseconds.
  const server = process.env['HEADRACE_TEST_DATABASE_URL'] ? undefined : await startTestServer();
  if (server) process.env['HEADRACE_TEST_DATABASE_URL'] = server.url;
  try {
    return await runTests(files.map((file) => join(root, file)));
  } finally {
    await server?.stop();
  }
}

function replaceEnvironment(wanted: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name];
  Object.assign(process.env, wanted);
}
