import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareDocuments } from './compare-runs.ts';
import { diffLines } from './diff-lines.ts';
import type { RunDocument } from './run-document.ts';

function runOf(id: string, over: Partial<RunDocument>): RunDocument {
  const usage = { input_tokens: 1, output_tokens: 2, cost_usd: null };
  return {
    ...{ id, project_id: 'prj_1', number: 1, status: 'succeeded', simulated: true, rounds: 1 },
    started_at: '2026-01-01T00:00:00.000Z',
    finished_at: '2026-01-01T00:00:09.000Z',
    ...{ clarifications: [], tasks: [], merge_report: [], verdict: null, confidence: null },
    ...{ usage, artifacts: [], result: null },
    ...over,
  };
}

function taskOf(title: string, status: string, cost: number | null): RunDocument['tasks'][number] {
  const answer = { model: 'openai/m', account: 'a', outcome: 'succeeded' };
  return {
    ...{ id: `tsk_${title}`, title, kind: 'section', depends_on: [], lane: 'standard', status },
    attempts: [{ ...answer, input_tokens: 10, output_tokens: 5, cost_usd: cost }],
  };
}

test('two runs are compared task by task, criterion by criterion, and by their results', () => {
  const criterion = (met: boolean) => ({
    decision: 'pass',
    criteria: [{ text: 'Names a cost', met, evidence: '' }],
  });
  const one = runOf('run_a', {
    tasks: [taskOf('Costs', 'superseded', 0.5), taskOf('Costs', 'succeeded', 0.25)],
    verdict: criterion(false),
    result: 'a\nb\nc',
  });
  const other = runOf('run_b', {
    tasks: [taskOf('Costs', 'succeeded', null), taskOf('Risks', 'failed', 0)],
    verdict: criterion(true),
    result: 'a\nB\nc',
  });
  const { runs, tasks, criteria, result_diff } = compareDocuments(one, other);
  assert.deepEqual(
    runs.map(({ id, ms }) => [id, ms]),
    [
      ['run_a', 9_000],
      ['run_b', 9_000],
    ],
  );
  const side = { model: 'openai/m', tokens: 15 };
  assert.deepEqual(tasks, [
    {
      title: 'Costs',
      kind: 'section',
      runs: [
        { ...side, status: 'succeeded', tokens: 30, cost_usd: 0.75 },
        { ...side, status: 'succeeded', cost_usd: null },
      ],
    },
    {
      title: 'Risks',
      kind: 'section',
      runs: [null, { ...side, status: 'failed', cost_usd: 0 }],
    },
  ]);
  assert.deepEqual(criteria, [{ text: 'Names a cost', met: [false, true] }]);
  assert.equal(result_diff, '@@ -1,3 +1,3 @@\n a\n-b\n+B\n c');
});

test('a diff leads from one text to the other, whatever they are, and is empty for the same text', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = diffLines(before.join('\n'), after.join('\n'));
      if (before.join('\n') === after.join('\n')) {
        assert.equal(diff, '');
        return;
      }
      assert.deepEqual(apply(before, diff), after);
    }),
    { verbose: true },
  );
});

/** What a unified diff makes of a text. */
function apply(before: readonly string[], diff: string): string[] {
  const after: string[] = [];
  let at = 0;
  for (const line of diff.split('\n')) {
    const [, first] = /^@@ -(\d+),/.exec(line) ?? [];
    if (first !== undefined) {
      after.push(...before.slice(at, Number(first) - 1));
      at = Number(first) - 1;
    } else if (line.startsWith('+')) after.push(line.slice(1));
    else {
      assert.equal(before[at], line.slice(1));
      at += 1;
      if (line.startsWith(' ')) after.push(line.slice(1));
    }
  }
  return [...after, ...before.slice(at)];
}
