import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { loadConfig } from '../src/platform/config/load-config.ts';
import { startSimulated } from './start-simulated.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/configuration.md']
  .filter((page) => existsSync(join(root, page)))
  .map((page) => ({ page, text: readFileSync(join(root, page), 'utf8') }));

/** The fenced blocks of a language. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, body = '']) => body,
  );
}

/** Every `./headrace …` that the pages tell a person to type, comments left out. */
const commands = new Set(
  pages.flatMap(({ text }) =>
    [...text.matchAll(/\.\/headrace ((?:[a-z-]+|--?[a-z-]+)(?: [^`#\n|]+)?)/g)].map(
      ([, words = '']) => words.trim(),
    ),
  ),
);

async function help(words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(root, 'src', 'main.ts'),
    ...words,
    '--help',
  ]);
  return stdout;
}

test('every command that the pages name exists, with every option that they give it', async () => {
  assert.ok(commands.size >= 5);
  for (const command of commands) {
    const words = command.split(/\s+/);
    const names = words.slice(0, ['run', 'serve', 'simulate'].includes(words[0] ?? '') ? 1 : 2);
    const text = await help(names.filter((word) => /^[a-z]+$/.test(word)));
    for (const [option] of command.matchAll(/--[a-z-]+/g)) {
      assert.ok(text.includes(option), `./headrace ${command}: ${option} is not an option`);
    }
  }
});

test('every option of the table of run exists, and every option of run is in the table', async () => {
  const text = await help(['run']);
  const offered = new Set([...text.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option));
  const table = readme.slice(readme.indexOf('## Options of `run`'), readme.indexOf('Exit codes:'));
  const told = new Set([...table.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option));
  const common = ['--config', '--data-dir', '--log-level', '--help'];
  assert.deepEqual(
    [...offered].filter((option) => !common.includes(option)).toSorted(),
    [...told].toSorted(),
  );
});

test('the configuration that the page shows is valid', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-readme-'));
  t.after(() => rm(folder, { recursive: true }));
  const yaml = blocks(readme, 'yaml');
  assert.ok(yaml.length > 0);
  for (const [index, text] of yaml.entries()) {
    const file = join(folder, `${index}.yaml`);
    await writeFile(file, text);
    const env = {
      HOME: folder,
      HEADRACE_CONFIG: file,
      HEADRACE_DATA_DIR: folder,
      OPENAI_KEY_A: 'sk-a',
      DEEPSEEK_KEY: 'sk-b',
    };
    assert.ok(loadConfig({ env, cwd: folder }).accounts.length > 0);
  }
});

test('every npm script that the pages name is in package.json', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const { page, text } of pages) {
    for (const [, name = ''] of text.matchAll(/npm run ([a-z:-]+)/g)) {
      assert.ok(name in scripts, `${page}: npm run ${name}`);
    }
  }
});

test('every link to a file of the checkout leads somewhere', () => {
  for (const { page, text } of pages) {
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const path = join(root, dirname(page), target);
      assert.ok(existsSync(path), `${page}: ${target}`);
    }
  }
});

test('every route that the page names is served', async (t) => {
  const simulated = await startSimulated(t);
  const api = (await (await simulated.call('/openapi.json')).json()) as {
    paths: Record<string, object>;
  };
  const served = new Set(Object.keys(api.paths).map((path) => path.replace(/\{[^}]*\}/g, '{}')));
  const table = readme.slice(readme.indexOf('## HTTP'), readme.indexOf('## Settings'));
  const routes = [...table.matchAll(/(GET|POST|PUT|PATCH|DELETE) (\/[^\s`,]*)/g)];
  assert.ok(routes.length >= 8);
  for (const [, method = '', path = ''] of routes) {
    const shape = path.replace(/\{[^}]*\}/g, '{}');
    assert.ok(served.has(shape), `${method} ${path} is not in /openapi.json`);
  }
});

test('every environment variable that the page names is read somewhere', () => {
  const sources = [
    'src/main.ts',
    'src/platform/config/read-environment.ts',
    'src/platform/config/known-providers.ts',
    'src/platform/config/default-data-dir.ts',
    'src/platform/config/read-secret-key.ts',
  ]
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  const settings = readme.slice(
    readme.indexOf('## Settings'),
    readme.indexOf('The embedded PostgreSQL is for'),
  );
  for (const [name] of settings.matchAll(/\b(?:HEADRACE_[A-Z_]+|DATABASE_URL|NO_COLOR|PORT)\b/g)) {
    assert.ok(sources.includes(name), `${name} is read nowhere`);
  }
});
