import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { parseJsonBody } from './parse-json-body.ts';

function refusal(body: string | Buffer, carriesBrief = false) {
  try {
    parseJsonBody(Buffer.from(body), carriesBrief);
  } catch (error) {
    assert.ok(isHeadraceError(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'the body was read' });
}

test('a member called __proto__ is a member and changes no prototype', () => {
  const body = parseJsonBody(Buffer.from('{"__proto__": {"admin": true}, "a": {"b": 1}}'), false);
  assert.equal(Object.getPrototypeOf(body), null);
  assert.deepEqual(Object.keys(body as object), ['__proto__', 'a']);
  assert.equal(({} as { admin?: boolean }).admin, undefined);
});

test('invalid JSON names line, column and position', () => {
  const error = refusal('{\n  "brief": oops\n}');
  assert.equal(error.code, 'request_invalid');
  assert.match(error.message, /line 2, column 12 \(position 13\)/);
  assert.match(refusal('{"brief": "a').message, /ends too early/);
});

test('bytes that are not UTF-8, NUL and half a surrogate pair are no brief', () => {
  const latin = Buffer.concat([
    Buffer.from('{"brief":"caf'),
    Buffer.from([0xe9]),
    Buffer.from('"}'),
  ]);
  assert.equal(refusal(latin, true).code, 'brief_not_text');
  assert.equal(refusal(latin, false).code, 'request_invalid');
  const nul = refusal('{"files":[{"content":"\\u0000"}]}', true);
  assert.equal(nul.code, 'brief_not_text');
  assert.equal(nul.where, 'body.files.0.content');
  assert.equal(refusal('{"brief":"\\ud800"}', true).code, 'brief_not_text');
  assert.equal(refusal('{"\\ud800":1}').code, 'request_invalid');
});

test('a byte order mark is dropped and an empty body is no body', () => {
  assert.deepEqual(parseJsonBody(Buffer.from('\ufeff[1]'), false), [1]);
  assert.equal(parseJsonBody(Buffer.alloc(0), false), undefined);
});

test('a body nested a hundred thousand deep is refused without exhausting the stack', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  assert.equal(refusal(deep).code, 'request_invalid');
});

test('a body of millions of small values is refused before any schema sees it', () => {
  const error = refusal(`{"files":[${'0,'.repeat(1_000_000)}0]}`);
  assert.equal(error.code, 'request_invalid');
  assert.match(error.message, /200000 values/);
});
