import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preferredType } from './preferred-type.ts';

const offered = ['text/markdown', 'application/json'];

test('the most specific range decides, and the first offer where nothing does', () => {
  const cases: [string | undefined, string][] = [
    [undefined, 'text/markdown'],
    ['*/*', 'text/markdown'],
    ['application/json', 'application/json'],
    ['application/json, text/plain, */*', 'text/markdown'],
    ['application/*', 'application/json'],
    ['text/*;q=0.3, application/json;q=0.4', 'application/json'],
    ['*/*, text/markdown;q=0', 'application/json'],
    ['application/json;q=x', 'text/markdown'],
    ['image/png', 'text/markdown'],
  ];
  for (const [accept, type] of cases) assert.equal(preferredType(accept, offered), type, accept);
});
