import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mendBrokenEnd } from './mend-broken-end.ts';

const cases: [string, string, string][] = [
  ['half a sentence', 'It is deep. It is wi', 'It is deep.'],
  ['half a Chinese sentence', '港口很深。它还很', '港口很深。'],
  ['half an item', 'Two things.\n\n- walls\n- sl', 'Two things.\n\n- walls'],
  ['half a row', '| a |\n|---|\n| 1 |\n| 2', '| a |\n|---|\n| 1 |'],
  ['a lead-in to an item that goes', 'Deep.\n\nIt needs:\n\n- wa', 'Deep.'],
  ['a heading that nothing follows', 'Deep.\n\n### Noi', 'Deep.'],
  ['a whole text', 'It is deep. It is wide.', 'It is deep. It is wide.'],
  ['nothing but half a sentence', 'It is de', 'It is de'],
];

for (const [name, broken, mended] of cases) {
  test(`${name} at an end that the cap cut off`, () => {
    assert.equal(mendBrokenEnd(broken), mended);
  });
}
