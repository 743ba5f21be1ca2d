import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { judgeCruise } from './check-doors.ts';
import { cruise } from './cruise.ts';

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
  forbidden: { name: string; to: { path?: string } }[];
};

/** A tree that holds `files`, beside the packages and settings of this checkout. */
function plant(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'headrace-doors-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  symlinkSync(join(checkout, 'node_modules'), join(root, 'node_modules'));
  for (const file of ['package.json', 'tsconfig.json'])
    cpSync(join(checkout, file), join(root, file));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const imports = (...paths: string[]) =>
  `${paths.map((path, index) => `import * as m${index} from '${path}';`).join('\n')}\nexport const all = [${paths.map((_, index) => `m${index}`)}];\n`;
const leaf = 'export const value = 1;\n';

const rooms = forbidden
  .filter(({ name }) => name.startsWith('one-way-'))
  .map(({ name }) => name.replace('one-way-', ''));

/** One violation for each rule there is, by the rule's name. */
function seeds(): Record<string, string> {
  const files: Record<string, string> = {
    'src/main.ts': leaf,
    'simulator/index.ts': imports('../src/platform/secret.ts'),
    'src/platform/secret.ts': leaf,
    'src/gateway/spy.ts': imports('../../simulator/index.ts', './nowhere.ts'),
    'src/lonely.ts': leaf,
    'src/platform/one.ts': imports('./two.ts'),
    'src/platform/two.ts': "import type * as one from './one.ts';\nexport type One = typeof one;\n",
    'src/platform/developer.ts': imports('fast-check'),
  };
  for (const room of rooms) {
    files[`src/${room}/index.ts`] = imports('./inside.ts');
    files[`src/${room}/inside.ts`] = leaf;
    files[`src/${room}/insider.ts`] = imports('./index.ts');
    files[`src/${room}/reach.ts`] = imports('../main.ts');
    files[`test/break-in-${room}.ts`] = imports(`../src/${room}/inside.ts`);
  }
  for (const folder of ['providers', 'queue', 'accounts']) {
    files[`src/${folder}/left/own.ts`] = imports('../right/own.ts');
    files[`src/${folder}/right/own.ts`] = leaf;
  }
  return files;
}

test('every kind of rule trips on a violation that was planted for it', async (t) => {
  const { violations } = await cruise(plant(t, seeds()), ['src', 'simulator', 'test']);
  const tripped = new Set(violations.map(({ rule }) => rule));
  const asleep = forbidden
    .map(({ name }) => name)
    .filter((name) => !tripped.has(name) && !name.startsWith('vendor-home-'));
  assert.deepEqual(asleep, []);
});

test('a vendor package trips its rule wherever it is not at home', async (t) => {
  const names = forbidden.map(({ name }) => name).filter((name) => name.startsWith('vendor-home-'));
  const { dependencies } = createRequire(import.meta.url)('../package.json') as {
    dependencies: Record<string, string>;
  };
  const root = plant(t, { 'src/stranger.ts': imports(...Object.keys(dependencies)) });
  const { violations } = await cruise(root, ['src']);
  const tripped = new Set(violations.map(({ rule }) => rule));
  assert.deepEqual(
    names.filter((name) => !tripped.has(name)),
    [],
  );
});

test('every package that we depend on has a home, but for the one that describes shapes everywhere', () => {
  const { dependencies } = createRequire(import.meta.url)('../package.json') as {
    dependencies: Record<string, string>;
  };
  const homes = forbidden.flatMap(({ name, to }) =>
    name.startsWith('vendor-home-') ? [to.path] : [],
  );
  const homeless = Object.keys(dependencies).filter(
    (name) => !homes.some((home) => new RegExp(home ?? '^$').test(`node_modules/${name}/index.js`)),
  );
  assert.deepEqual(homeless, ['zod']);
});

test('a tree in which imports go one way passes', async (t) => {
  const root = plant(t, {
    'src/main.ts': imports('./gateway/index.ts'),
    'src/gateway/index.ts': imports('./route.ts'),
    'src/gateway/route.ts': imports('../protocol/index.ts', 'fastify'),
    'src/protocol/index.ts': imports('../platform/clock.ts'),
    'src/platform/clock.ts': leaf,
  });
  const { modules, violations } = await cruise(root, ['src']);
  assert.equal(modules.length, 5);
  assert.deepEqual(violations, []);
});

test('a reading that saw next to nothing is a failure, not a clean bill', () => {
  const packages = Array.from({ length: 100 }, (_, index) => `scripts/${index}.ts`);
  assert.match(
    judgeCruise({ modules: packages, violations: [] }).join(),
    /Only 0 modules were read/,
  );
  const modules = Array.from({ length: 10 }, (_, index) => `src/${index}.ts`);
  assert.deepEqual(judgeCruise({ modules, violations: [] }), []);
});
