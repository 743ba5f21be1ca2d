import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { wireFaults } from '../../simulator/faults.ts';
import { damageNames } from '../../simulator/hostility/damage-settings.ts';

const page = readFileSync(new URL('../../docs/trust.md', import.meta.url), 'utf8');

/** Per section that names its tests: the file, and the kinds in the first column of its table. */
const sections = page.split(/^## /m).flatMap((section) => {
  const file = /^`(test\/hostility\/[\w-]+\.test\.ts)`/m.exec(section)?.[1];
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  const kinds = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([\w.]+)`/g)].map(([, kind = '']) => kind),
  );
  return file === undefined ? [] : [{ file, kinds }];
});

test('the page lists every kind of damage and every fault of the wire, each once', () => {
  const listed = sections.flatMap(({ kinds }) => kinds);
  assert.deepEqual(listed.toSorted(), [...damageNames, ...wireFaults].toSorted());
});

test('the test that the page names for a kind names it', () => {
  for (const { file, kinds } of sections) {
    const code = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    for (const kind of kinds)
      assert.match(code, new RegExp(`^ +'?${kind}'?: |it\\('${kind}'`, 'm'), `${kind} in ${file}`);
  }
});

test('every file that the page names is there', () => {
  const named = [...page.matchAll(/`((?:src|test)\/[\w/.-]+\.ts)`/g)].map(([, path = '']) => path);
  assert.ok(named.length > 8);
  for (const path of named) assert.ok(existsSync(new URL(`../../${path}`, import.meta.url)), path);
});
