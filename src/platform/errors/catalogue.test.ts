import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type CatalogueEntry, catalogue } from './catalogue.ts';
import { HeadraceError, isHeadraceError } from './headrace-error.ts';

const entries = Object.entries<CatalogueEntry>(catalogue);
const document = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

function row(code: string, { status, retryable, title, fix }: CatalogueEntry): string {
  return `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${title} | ${fix} |`;
}

test('docs/errors.md has one row for each code, as the catalogue says it, and no other', () => {
  const written = document.split('\n').filter((line) => line.startsWith('| `'));
  const expected = entries.map(([code, entry]) => row(code, entry)).sort();
  assert.deepEqual(written, expected, 'run: npm run fix:errors');
});

test('an entry is two sentences that fit a table, and a status that says whose fault it is', () => {
  for (const [code, { status, title, fix }] of entries) {
    assert.match(code, /^[a-z]+(_[a-z]+)*$/);
    assert.ok(status >= 400 && status <= 599, code);
    for (const sentence of [title, fix]) {
      assert.match(sentence, /^\S.*[.]$/, `${code}: ${sentence}`);
      assert.doesNotMatch(sentence, /[|\n]/, code);
    }
  }
});

test("an error carries its entry's advice unless it knows better", () => {
  const plain = new HeadraceError('no_capacity', { retryAfterMs: 1500 });
  assert.equal(plain.message, catalogue.no_capacity.title);
  assert.equal(plain.fix, catalogue.no_capacity.fix);
  assert.deepEqual([plain.status, plain.retryable, plain.retryAfterMs], [503, true, 1500]);
  const cause = new Error('below');
  const told = new HeadraceError('config_invalid', { message: 'm', where: 'w', fix: 'f', cause });
  assert.deepEqual([told.message, told.where, told.fix, told.cause], ['m', 'w', 'f', cause]);
  assert.ok(isHeadraceError(told) && !isHeadraceError(cause));
});
