import assert from 'node:assert/strict';
import test from 'node:test';
import { readCredential } from './read-credential.ts';

test('a key is found wherever the vendors’ clients put theirs', () => {
  assert.equal(readCredential({ authorization: 'Bearer abc' }), 'abc');
  assert.equal(readCredential({ authorization: 'bearer  abc ' }), 'abc');
  assert.equal(readCredential({ 'x-api-key': 'abc' }), 'abc');
  assert.equal(readCredential({ 'x-goog-api-key': ' abc ' }), 'abc');
});

test('the authorization header wins over the others', () => {
  assert.equal(readCredential({ authorization: 'Bearer a', 'x-api-key': 'b' }), 'a');
});

test('anything else carries no credential', () => {
  for (const headers of [
    {},
    { authorization: 'Basic YTpi' },
    { authorization: 'Bearer' },
    { authorization: 'Bearer a b' },
    { 'x-api-key': '' },
    { 'x-api-key': ['a', 'b'] },
    { authorization: `Bearer ${'a'.repeat(4_097)}` },
  ]) {
    assert.equal(readCredential(headers), undefined);
  }
});
