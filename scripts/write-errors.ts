import { readFileSync, writeFileSync } from 'node:fs';
import { type CatalogueEntry, catalogue } from '../src/platform/errors/catalogue.ts';

// Writes the table of docs/errors.md from the catalogue; catalogue.test.ts fails where they differ.

const path = new URL('../docs/errors.md', import.meta.url);
const [before, after] = ['<!-- codes -->', '<!-- end of codes -->'];
const text = readFileSync(path, 'utf8');
const rows = Object.entries<CatalogueEntry>(catalogue)
  .map(
    ([code, { status, retryable, title, fix }]) =>
      `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${title} | ${fix} |`,
  )
  .sort();
const table = [
  '| Code | Status | Retryable | What happened | What to do |',
  '|---|---|---|---|---|',
  ...rows,
].join('\n');
const head = text.slice(0, text.indexOf(before) + before.length);
writeFileSync(path, `${head}\n${table}\n${text.slice(text.indexOf(after))}`);
console.log(`${rows.length} codes written to docs/errors.md`);
