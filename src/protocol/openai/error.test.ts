import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { readOpenaiError, writeOpenaiError } from './error.ts';

test('the three shapes in which hosts of this format write an error are read', () => {
  const nested = { error: { message: 'm', type: 't', param: null, code: 404 } };
  assert.deepEqual(readOpenaiError(nested), { message: 'm', type: 't', param: null, code: '404' });
  assert.equal(readOpenaiError({ error: 'model not found' })?.message, 'model not found');
  assert.equal(readOpenaiError({ object: 'error', message: 'bare', code: 400 })?.code, '400');
});

test('an answer is no error', () => {
  assert.equal(readOpenaiError({ id: 'x', choices: [] }), null);
  assert.equal(readOpenaiError('<html>'), null);
});

test('our error reaches a client with its code, where it is and what to do', () => {
  const error = new HeadraceError('request_invalid', {
    message: '"tools" cannot be carried.',
    where: 'tools',
    fix: 'Leave the field out.',
  });
  assert.deepEqual(writeOpenaiError(error), {
    error: {
      message: '"tools" cannot be carried. Leave the field out.',
      type: 'invalid_request_error',
      param: 'tools',
      code: 'request_invalid',
    },
  });
});
