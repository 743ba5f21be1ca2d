import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HeadraceError } from './errors/headrace-error.ts';
import { createLog, errorFields, type LogFields, type LogLevel, maxLogValueLength } from './log.ts';
import { createManualClock } from './manual-clock.ts';

function record(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const clock = createManualClock(Date.UTC(2026, 10, 21));
  const log = createLog({ level, clock, destination: { write: (line) => lines.push(line) } });
  return {
    log,
    lines,
    read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

test('a line is one JSON document with time, level, event and its fields', () => {
  const { log, read } = record();
  log
    .child({ run_id: 'run_1' })
    .info('task.claimed', { task_id: 'tsk_1', ms: 12, outcome: undefined });
  assert.deepEqual(read(), [
    {
      level: 'info',
      time: '2026-11-21T00:00:00.000Z',
      run_id: 'run_1',
      task_id: 'tsk_1',
      ms: 12,
      event: 'task.claimed',
    },
  ]);
});

test('a field outside the allowlist is counted, not written', () => {
  const { log, read } = record();
  const careless = { authorization: 'canary', prompt: 'canary', status: 'canary', code: 'ok' };
  log.warn('call.failed', careless as unknown as LogFields);
  assert.equal(read()[0]?.['code'], 'ok');
  assert.equal(read()[0]?.['dropped_fields'], 3);
  assert.ok(!JSON.stringify(read()).includes('canary'));
});

test('what looks like a key is masked inside an allowed value', () => {
  const { log, lines } = record();
  log.error('call.failed', {
    error: 'Incorrect API key provided: sk-proj-abcdefghijklmnop, Bearer abcdefghijklmnopqrst',
  });
  assert.match(lines[0]!, /Incorrect API key provided: \[masked\], \[masked\]/);
});

test('no line grows with the value it was given', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 0, maxLength: 5000 }), (text) => {
      const { log, read } = record();
      log.info('x', { reason: text });
      assert.ok((read()[0]!['reason'] as string).length <= maxLogValueLength + 1);
    }),
  );
});

test('a level hides what is below it and silent hides everything', () => {
  const { log, lines } = record('warn');
  log.info('a');
  log.warn('b');
  assert.equal(lines.length, 1);
  const quiet = record('silent');
  quiet.log.error('c');
  assert.equal(quiet.lines.length, 0);
});

test('an error of ours is logged without a stack, a bug with one', () => {
  const known = errorFields(new HeadraceError('no_capacity', { where: 'openai' }));
  assert.deepEqual(known, {
    code: 'no_capacity',
    error: 'No account can take this call before its deadline.',
    where: 'openai',
  });
  const bug = errorFields(new TypeError('x is undefined'));
  assert.equal(bug.code, 'internal');
  assert.match(bug.stack ?? '', /TypeError: x is undefined/);
  assert.deepEqual(errorFields('thrown text'), { code: 'internal', error: 'string' });
});
