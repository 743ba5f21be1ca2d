import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createColors } from 'picocolors';
import { drawReport } from './draw-report.ts';
import type { RunDocument } from './run-document.ts';

const run: RunDocument = {
  ...{ id: 'run_1', project_id: 'prj_1', number: 1, status: 'succeeded', simulated: false },
  ...{ rounds: 1, started_at: null, finished_at: null, clarifications: [], tasks: [] },
  ...{ merge_report: [], verdict: null, confidence: null, artifacts: [], result: null },
  usage: { input_tokens: 0, output_tokens: 0, cost_usd: 0 },
};

test('a brief that was not split says why, and a damaged plan what it may have lost, each once', () => {
  const draw = (single: string | null, note: string | null) =>
    drawReport({ ...run, plan: { single, note } }, createColors(false));
  assert.match(draw('One question.', null), /^Plan\n {2}One task: One question\.\n\n/);
  assert.match(draw(null, 'It broke off.'), /^Plan\n {2}It broke off\.\n\n/);
  assert.equal(draw('No plan.', 'No plan.').match(/No plan\./g)?.length, 1);
  assert.doesNotMatch(draw(null, null), /Plan/);
});

function panelOf(preferred: string | null, picked: string | null) {
  const task = {
    ...{ id: 'tsk_p', title: 'Costs', kind: 'panel', depends_on: [], lane: 'standard' },
    ...{ status: 'succeeded', attempts: [] },
    panel: {
      ...{ picked, families: 3, supporters: 2 },
      baseline: { task_id: 'tsk_1', model: 'openai/large', score: 0.6, preferred },
      members: [
        { task_id: 'tsk_1', model: 'openai/large', score: 0.6 },
        { task_id: 'tsk_2', model: 'qwen/max', score: 0.9 },
      ],
      partial_coverage: ['2 of 3 models answered; missing: gemini/pro (budget)'],
    },
  };
  return drawReport({ ...run, tasks: [task] }, createColors(false));
}

test('a panel stands beside what its ablest model alone would have given, and says who is missing', () => {
  const report = panelOf('panel', 'tsk_2');
  assert.match(
    report,
    /Costs: qwen\/max \(0\.90\), 2 of 3 families agree; beside openai\/large alone \(0\.60\): the panel is preferred/,
  );
  assert.match(report, /partial 2 of 3 models answered; missing: gemini\/pro \(budget\)/);
  assert.match(panelOf('same', 'tsk_1'), /openai\/large \(0\.60\).*the ablest model of the panel/);
  assert.match(panelOf('baseline', null), /all members together.*the baseline is preferred/);
});

test('confidence is shown with its labels and its error', () => {
  const confidence = {
    ...{ value: 0.83, calibrated: true, ece: 0.04, labels: 412 },
    explanation: 'Calibrated on 412 labelled outcomes (ECE 0.04). The weakest …',
  };
  const calibrated = drawReport({ ...run, confidence }, createColors(false));
  assert.match(calibrated, /0\.83 — Calibrated on 412 labelled outcomes \(ECE 0\.04\)/);
  const early = { ...confidence, calibrated: false, ece: null, labels: 3 };
  assert.match(drawReport({ ...run, confidence: early }, createColors(false)), /\(uncalibrated\)/);
});

const attempt = {
  ...{ model: 'openai/large', account: 'openai-a', outcome: 'failed', cost_usd: 0.01 },
  ...{ input_tokens: 1_697, output_tokens: 1, as_reserved: false },
};
const task = {
  ...{ id: 'tsk_1', title: 'Costs', kind: 'section', depends_on: [], lane: 'standard' },
  ...{ status: 'running', attempts: [attempt] },
};

test('only calls whose usage nobody told make the cost an upper bound', () => {
  const draw = (as_reserved: boolean) => {
    const attempts = [attempt, { ...attempt, as_reserved }];
    return drawReport({ ...run, tasks: [{ ...task, attempts }] }, createColors(false));
  };
  assert.doesNotMatch(draw(false), /upper bound/);
  assert.match(draw(true), /an upper bound: 1 call whose usage nobody told counts with the whole/);
});

test('a run that has not ended shows where it stands and what it waits for', () => {
  const draw = (more: Partial<RunDocument>) =>
    drawReport(
      { ...run, tasks: [task, { ...task, status: 'pending' }], ...more },
      createColors(false),
    );
  assert.match(
    draw({ status: 'running' }),
    /^Progress\n {2}1 running, 1 pending\n {2}running: Costs \(section\), openai\/large\n\n/,
  );
  assert.match(draw({ status: 'awaiting_approval' }), /headrace runs approve run_1$/m);
  assert.match(draw({ status: 'paused' }), /paused: \.\/headrace runs resume run_1 goes on/);
  const asking = draw({ status: 'awaiting_input', answers_due_at: '2026-11-21T18:57:18.534Z' });
  assert.match(asking, /from 2026-11-21 18:57 UTC on defaults count/);
  assert.doesNotMatch(draw({ status: 'succeeded' }), /Progress/);
});
