import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { shareOut } from './share-out.ts';

const sizes = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 20 });

test('where everything fits, every part gets all it needs', () => {
  fc.assert(
    fc.property(sizes, fc.nat(100), (parts, spare) => {
      const total = parts.reduce((sum, size) => sum + size, spare);
      assert.deepEqual(shareOut(parts, total), parts);
    }),
  );
});

test('shares are never more than the size or, together, than the total, and a smaller part never gets more', () => {
  fc.assert(
    fc.property(sizes, fc.nat(50_000), (parts, total) => {
      const shares = shareOut(parts, total);
      assert.ok(shares.reduce((sum, share) => sum + share, 0) <= total);
      parts.forEach((size, index) => {
        assert.ok((shares[index] ?? 0) <= size);
        parts.forEach((other, at) => {
          if (size < other) assert.ok((shares[index] ?? 0) <= (shares[at] ?? 0));
        });
      });
    }),
  );
});

test('what small parts leave goes to the large ones in equal parts', () => {
  assert.deepEqual(shareOut([10, 500, 1_000], 410), [10, 200, 200]);
  assert.deepEqual(shareOut([100], -5), [0]);
});
