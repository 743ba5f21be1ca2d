import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTestStore } from '../../test/database.ts';
import { cutText, storable } from './storable.ts';

test('whatever a model writes, the database takes it', async (t) => {
  const store = await createTestStore(t);
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a\0b', '\ud83d', 'x\udc00y', '\\u0000'),
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(nasty, fc.array(nasty)), async (value) => {
      const [row] = await store.transaction('system', (tx) =>
        tx.query<{ same: object }>('SELECT $1::jsonb AS same', [JSON.stringify(storable(value))]),
      );
      assert.deepEqual(Object.keys(row?.same ?? {}).length, Object.keys(storable(value)).length);
    }),
    { numRuns: 200 },
  );
});

test('a text is never cut through a character', () => {
  assert.equal(cutText('ab😀', 4), 'ab😀');
  assert.ok(cutText('ab😀cd', 4).isWellFormed());
});
