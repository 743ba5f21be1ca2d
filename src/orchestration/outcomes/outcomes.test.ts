import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  judgement,
  type OrchestrationSetting,
  principal,
  setUpOrchestration,
} from '../../../test/set-up-orchestration.ts';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { featureNames } from '../../results/index.ts';

const defect = { task_id: 't1', criterion: 'It speaks of the wheel.', fix: 'Name the wheel.' };

function readOutcomes({ store }: OrchestrationSetting, runId: string) {
  return store.transaction('system', (tx) =>
    tx.query<{ key: string; features: number[]; passed: boolean | null; source: string | null }>(
      `SELECT t.key, o.features, o.passed, o.source FROM outcomes o JOIN tasks t ON t.id = o.task_id
       WHERE o.run_id = $1 ORDER BY t.ordinal`,
      [runId],
    ),
  );
}

const refused = (code: string) => (error: unknown) => isHeadraceError(error) && error.code === code;

test('a judge labels what was known of each answer, and the word of a person outranks it', async (t) => {
  const setting = await setUpOrchestration(t, { judge: () => judgement(false, [defect]) });
  const run = await setting.until(await setting.accept({ clarify: 'off', rework: 0 }));
  const before = await readOutcomes(setting, run.id);
  assert.deepEqual(
    before.map(({ key, passed, source }) => [key, passed, source]),
    [
      ['t1', false, 'judge'],
      ['t2', true, 'judge'],
      ['t3', true, 'judge'],
    ],
  );
  // One family, one half for want of judgements, all checks passed.
  assert.deepEqual(before[0]?.features, [1, 1, 0.5, 1, 0, 0, 0.5]);
  assert.match(run.confidence?.explanation ?? '', /^Uncalibrated \(0 of 300 labelled outcomes\)/);

  const label = { runId: run.id, task: 't1', passed: true };
  const labelled = await setting.orchestration.labelAnswer(principal, label);
  assert.equal(labelled.task_id, run.tasks.find((task) => task.title === 'Title of t1')?.id);
  assert.deepEqual(
    (await readOutcomes(setting, run.id)).map(({ passed, source }) => [passed, source])[0],
    [true, 'person'],
  );
  await assert.rejects(
    setting.orchestration.labelAnswer(principal, { ...label, task: 't9' }),
    refused('not_found'),
  );
  await assert.rejects(
    setting.orchestration.labelAnswer({ ...principal, tenantId: 'other' }, label),
    refused('not_found'),
  );
  await assert.rejects(
    setting.orchestration.labelAnswer(principal, { ...label, task: 'judge' }),
    refused('conflict'),
  );
});

test('a verdict that blames nobody labels nothing', async (t) => {
  const setting = await setUpOrchestration(t, { judge: () => judgement(false) });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.verdict?.decision, 'partial');
  const outcomes = await readOutcomes(setting, run.id);
  assert.equal(outcomes.length, 3);
  assert.ok(outcomes.every(({ passed }) => passed === null));
});

/** Labels of another run: answers that agree pass nine times of ten, others one time of ten. */
async function seedLabels(
  setting: OrchestrationSetting,
  runId: string,
  given: { count: number; simulated: boolean },
) {
  await setting.store.transaction('system', async (tx) => {
    await tx.query(
      `INSERT INTO tasks (id, tenant_id, run_id, ordinal, key, kind, title, instruction, max_tokens, lane, status)
       SELECT 'tsk_' || $3 || n, 'default', $1, 1000 + n, 's' || n, 'section', 't', 'i', 1, 'standard', 'superseded'
       FROM generate_series(1, $2::int) n`,
      [runId, given.count, String(given.simulated)],
    );
    await tx.query(
      `INSERT INTO outcomes (task_id, tenant_id, run_id, simulated, features, passed, source, labelled_at)
       SELECT 'tsk_' || $4 || n, 'default', $1, $3, jsonb_build_array(n % 2, n % 2, 0.5, 1, 0, 0, 0.5),
         (abs(hashtext(n::text)) % 10 <> 0) = (n % 2 = 1), 'judge', headrace_now()
       FROM generate_series(1, $2::int) n`,
      [runId, given.count, given.simulated, String(given.simulated)],
    );
  });
}

test('from three hundred labels on confidence is calibrated, and says on how many and how well', async (t) => {
  const setting = await setUpOrchestration(t);
  const first = await setting.until(await setting.accept({ clarify: 'off' }));
  await seedLabels(setting, first.id, { count: 400, simulated: false });
  const second = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(
    second.confidence?.calibrated,
    false,
    'labels of real answers say nothing of simulated ones',
  );
  assert.equal(second.confidence?.labels, 3);
  await seedLabels(setting, first.id, { count: 400, simulated: true });
  const third = await setting.until(await setting.accept({ clarify: 'off' }));
  const { confidence } = third;
  assert.equal(confidence?.calibrated, true);
  assert.ok((confidence?.labels ?? 0) >= 400, `${confidence?.labels}`);
  assert.ok((confidence?.value ?? 0) > 0.8, JSON.stringify(confidence));
  assert.ok(confidence?.ece !== null && (confidence?.ece ?? 1) < 0.1, JSON.stringify(confidence));
  assert.match(
    confidence?.explanation ?? '',
    /^Calibrated on 4\d\d labelled outcomes \(ECE 0\.0\d\)/,
  );
  assert.equal(featureNames.length, 7);
});

test('an answer of the fan-out interface can be labelled by a person', async (t) => {
  const setting = await setUpOrchestration(t, { worker: () => 'The total is 42.' });
  const { task_id: runId } = await setting.orchestration.acceptFanout(
    principal,
    { prompt: 'What is the total?', models: ['openai/large', 'anthropic/large'] },
    { requestId: 'req_1', receivedAt: 0, authMethod: 'key', traceId: '0'.repeat(32) },
  );
  const run = await setting.until(runId);
  const panel = run.tasks.find((task) => task.kind === 'panel');
  assert.ok(panel);
  await setting.orchestration.labelAnswer(principal, { runId, task: panel.id, passed: false });
  const [outcome] = await readOutcomes(setting, runId);
  assert.deepEqual([outcome?.passed, outcome?.source], [false, 'person']);
  assert.deepEqual(outcome?.features.slice(0, 2), [1, 1], 'both families agree');
});
