import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { displayPrefix, hashKey, isMistyped, makeKey } from './key-format.ts';

test('keys begin alike, hold at least 160 random bits and never repeat', () => {
  const keys = Array.from({ length: 1_000 }, makeKey);
  for (const key of keys) {
    assert.match(key, /^hr_live_[0-9A-Za-z]{34}$/);
    assert.equal(isMistyped(key), false);
  }
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(28 * Math.log2(62) >= 160);
});

test('a key with one wrong, missing or added character is told from a right one without a look-up', () => {
  const alphanumeric = fc.constantFrom(
    ...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  );
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 41 }), alphanumeric, (at, character) => {
      const key = makeKey();
      const changed = key.slice(0, at) + character + key.slice(at + 1);
      assert.equal(isMistyped(changed), changed !== key);
      assert.ok(isMistyped(key.slice(0, at) + key.slice(at + 1)));
      assert.ok(isMistyped(key + character));
    }),
  );
});

test('a key that a person chose has no checksum to be wrong', () => {
  assert.equal(isMistyped('correct horse battery staple'), false);
});

test('what is shown of a key leaves it unguessable', () => {
  assert.match(displayPrefix(makeKey()), /^hr_live_.{4}$/);
  assert.equal(displayPrefix('correct horse battery'), 'corr…');
});

test('the stored hash depends on the installation', () => {
  const key = makeKey();
  const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  assert.deepEqual(hashKey(one, key), hashKey(one, key));
  assert.notDeepEqual(hashKey(one, key), hashKey(two, key));
});
