import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptRequestId, continueTrace } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

test('a valid traceparent is continued', () => {
  assert.equal(continueTrace(`00-${traceId}-00f067aa0ba902b7-01`), traceId);
});

test('anything else starts a trace of its own', () => {
  const wrong = [
    undefined,
    '',
    `00-${traceId}`,
    `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
    `ff-${traceId}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    [`00-${traceId}-00f067aa0ba902b7-01`],
  ];
  for (const header of wrong) {
    const started = continueTrace(header);
    assert.match(started, /^[0-9a-f]{32}$/);
    assert.notEqual(started, traceId);
  }
});

test('a request id is taken over only where it is harmless', () => {
  assert.equal(acceptRequestId('req-1.a_B'), 'req-1.a_B');
  for (const wrong of ['', 'a b', 'a\r\nb', 'x'.repeat(129), 'é', '{}']) {
    assert.equal(acceptRequestId(wrong), undefined, wrong);
  }
});
