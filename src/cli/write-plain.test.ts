import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEventDocument } from './run-document.ts';
import { applyEvent, createRunView } from './run-view.ts';
import { describeEvent } from './write-plain.ts';

const at = '2026-11-21T10:00:00.000Z';

function tell(events: readonly Partial<RunEventDocument>[]): (string | null)[] {
  const view = createRunView();
  return events.map((given, index) => {
    const event = { number: index + 1, at, task_id: null, data: {}, ...given } as RunEventDocument;
    applyEvent(view, event);
    return describeEvent(view, event);
  });
}

test('a repair of the plan is told with its place and its reason', () => {
  const data = { what: 'fenced', where: 'plan', message: 'The plan stood in a code fence.' };
  assert.deepEqual(tell([{ type: 'plan.line_repaired', data }]), [
    '[   0.0s] plan repaired at plan: The plan stood in a code fence.',
  ]);
});

test('a clarified brief says how many points were, and nothing where there was none', () => {
  const one = { question: 'For whom?', answer: 'For all.', source: 'default' };
  assert.deepEqual(
    tell([
      { type: 'brief.clarified', data: { clarifications: [one, one] } },
      { type: 'brief.clarified', data: { clarifications: [] } },
    ]),
    ['[   0.0s] 2 points clarified', null],
  );
});

test('a task that finds no room says so once until its next call', () => {
  const stored = { key: 't1', title: 'Costs', kind: 'section', lane: 'standard' };
  const back = { cause: 'refused', provider: 'openai', reason: 'no_capacity' };
  const of = (type: string, data: object) => ({ type, task_id: 'tsk_1', data: { ...data } });
  const lines = tell([
    of('task.stored', stored),
    of('task.handed_back', back),
    of('task.handed_back', back),
    of('call.sent', { model: 'm', provider: 'openai', account: 'a' }),
    of('task.handed_back', { ...back, cause: 'retry', reason: 'It broke off.' }),
    of('task.handed_back', { ...back, cause: 'withdrawn' }),
  ]);
  assert.deepEqual(lines.slice(1), [
    '[   0.0s] t1 "Costs" waits for capacity at openai',
    null,
    '[   0.0s] t1 "Costs" calls openai/m (account a)',
    '[   0.0s] t1 "Costs" is given to another worker: It broke off.',
    null,
  ]);
});

test('the totals count an attempt once, also where it was given up before it was settled', () => {
  const ended = (tokens: number) => ({
    type: 'attempt.ended',
    attempt_id: 'att_1',
    data: { outcome: 'unknown', input_tokens: tokens, output_tokens: 0, cost_usd: tokens / 1000 },
  });
  const lines = tell([ended(900), ended(100), { type: 'run.succeeded' }]);
  assert.equal(lines.at(-1), '[   0.0s] ended, 100 tokens, $0.1000');
});

test('what a model wrote cannot move the cursor, and what is of no interest is not told', () => {
  const data = { where: 't1', message: 'A title with \u001b[2J in it.' };
  const [line, silent] = tell([
    { type: 'plan.line_repaired', data },
    { type: 'credential.lent', data: {} },
  ]);
  assert.equal(line?.includes('\u001b'), false);
  assert.equal(silent, null);
});
