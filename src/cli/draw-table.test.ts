import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { drawTable } from './draw-table.ts';

test('columns stand under each other, whatever is written in them', () => {
  const names = ['plain', '东京-团队', 'équipe', 'e\u0301quipe', '👩‍💻 dev', '한국'];
  const drawn = drawTable(
    ['ID', 'STATE'],
    names.map((name) => [name, 'active']),
  );
  const [head = '', ...rows] = drawn.split('\n');
  const column = stringWidth(head.slice(0, head.indexOf('STATE')));
  assert.equal(column, 11, 'the widest cell and two spaces');
  for (const row of rows) {
    assert.equal(stringWidth(row.slice(0, row.indexOf('active'))), column, row);
  }
});

test('a cell drives no terminal, ends no line early, and none at all is said', () => {
  assert.equal(drawTable(['A', 'B'], [['x\u001b[2J', '']]), 'A     B\nx[2J');
  assert.equal(drawTable(['A'], []), '(none)');
});
