import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  criteriaLine,
  endLine,
  planLine,
  principal,
  receipt,
  setUpOrchestration,
} from '../../../test/set-up-orchestration.ts';
import { HeadraceError, isHeadraceError } from '../../platform/errors/headrace-error.ts';

const refused = (code: string) => (error: unknown) => isHeadraceError(error) && error.code === code;
const titleOf = (prompt: string) => /<task title="([^"]*)"/.exec(prompt)?.[1] ?? '';

test('an accepted project records the first four steps from its receipt, with its brief and files', async (t) => {
  const setting = await setUpOrchestration(t, {}, { workers: false });
  await setting.orchestration.stop();
  const files = [{ name: 'notes.txt', mediaType: 'text/plain', content: Buffer.from('A note.') }];
  const accepted = await setting.orchestration.acceptProject(
    principal,
    {
      brief: '\uFEFF# Mills\n\nDescribe one.',
      files,
      budget: { usd: 1.5 },
      models: ['openai/large'],
    },
    receipt,
  );
  assert.equal(accepted.status, 'queued');
  const events = await setting.events(accepted.run_id);
  assert.deepEqual(
    events.map((event) => [event.type, event.step]),
    [
      ['request.received', 1],
      ['auth.asked', 2],
      ['token.checked', 3],
      ['run.accepted', 4],
    ],
  );
  const project = await setting.orchestration.readProject(principal, accepted.id);
  assert.equal(project.title, 'Mills');
  assert.equal(project.brief, '# Mills\n\nDescribe one.');
  assert.deepEqual(project.files, [{ name: 'notes.txt', media_type: 'text/plain', bytes: 7 }]);
  assert.deepEqual(project.settings.models, ['openai/large']);
  const [budget] = await setting.store.transaction('system', (tx) =>
    tx.query<{ limit_nano_usd: number }>('SELECT limit_nano_usd FROM budgets'),
  );
  assert.equal(budget?.limit_nano_usd, 1_500_000_000);
});

test('what is said before the commit is stored with the acceptance, or neither is', async (t) => {
  const setting = await setUpOrchestration(t, {}, { workers: false });
  const failing = {
    ...receipt,
    beforeCommit: async () => {
      throw new HeadraceError('idempotency_conflict');
    },
  };
  await assert.rejects(
    setting.orchestration.acceptProject(principal, { brief: 'A mill.' }, failing),
    refused('idempotency_conflict'),
  );
  assert.deepEqual((await setting.orchestration.listProjects(principal, {})).items, []);
});

test('bad briefs and settings are refused by name', async (t) => {
  const setting = await setUpOrchestration(t, {}, { workers: false });
  const accept = (input: object) => setting.accept(input);
  await assert.rejects(accept({ brief: ' \n' }), refused('brief_empty'));
  await assert.rejects(accept({ brief: 'ä'.repeat(600_000) }), refused('brief_too_large'));
  await assert.rejects(accept({ brief: 'a\0b' }), refused('brief_not_text'));
  await assert.rejects(accept({ models: ['hal-9000'] }), refused('model_unknown'));
  await assert.rejects(accept({ orchestrator: 'hal-9000' }), refused('model_unknown'));
  for (const panel of [0, 1, 1.5, 9, Number.NaN])
    await assert.rejects(accept({ panel }), refused('request_invalid'));
  await assert.rejects(accept({ budget: { usd: Number.NaN } }), refused('request_invalid'));
  await assert.rejects(accept({ timeoutMs: 1 }), refused('request_invalid'));
});

test('a fan-out asks every model the bare prompt and compares their answers without a further call', async (t) => {
  const setting = await setUpOrchestration(t, {
    worker: (prompt, order) => {
      assert.equal(prompt, 'What turns?');
      assert.equal(order.request.temperature, 0.2);
      if (order.models[0] === 'deepseek/reasoner') throw new HeadraceError('upstream_rejected');
      return 'The wheel turns.';
    },
  });
  const accepted = await setting.orchestration.acceptFanout(
    principal,
    {
      prompt: 'What turns?',
      temperature: 0.2,
      models: ['openai/large', 'anthropic/large', 'deepseek/reasoner'],
    },
    receipt,
  );
  assert.equal(accepted.subtasks_count, 3);
  const run = await setting.until(accepted.task_id);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.failure));
  assert.equal(run.result, 'The wheel turns.');
  const document = await setting.orchestration.readFanout(principal, accepted.task_id);
  assert.equal(document.status, 'completed');
  assert.deepEqual(
    document.results.map(({ model, status, content }) => ({ model, status, content })),
    [
      { model: 'openai/large', status: 'completed', content: 'The wheel turns.' },
      { model: 'anthropic/large', status: 'completed', content: 'The wheel turns.' },
      { model: 'deepseek/reasoner', status: 'failed', content: null },
    ],
  );
  assert.deepEqual(document.summary?.consensus, ['The wheel turns.']);
  assert.ok((document.summary?.confidence_score ?? 0) > 0.3);
  assert.deepEqual([document.summary?.ece, document.summary?.labels], [null, 0]);
  assert.match(
    document.summary?.partial_coverage.join() ?? '',
    /2 of 3 models answered; missing: deepseek\/reasoner/,
  );
  assert.equal(setting.dispatch.orders.length, 3);
});

test('a panel answers a section by models of different families', async (t) => {
  const setting = await setUpOrchestration(t);
  const run = await setting.until(await setting.accept({ clarify: 'off', panel: 3 }));
  assert.equal(run.status, 'succeeded', JSON.stringify(run.failure));
  const members = run.tasks.filter((task) => task.kind === 'member');
  assert.equal(members.length, 9);
  assert.equal(run.tasks.filter((task) => task.kind === 'panel').length, 3);
  const models = setting.dispatch.orders.slice(1).map((order) => order.models[0]);
  assert.equal(new Set(models).size, 3);
  assert.match(run.result ?? '', /## Title of t1/);
});

test('a rerun from a task copies what does not depend on it and does the rest again, its way', async (t) => {
  let runs = 1;
  const setting = await setUpOrchestration(t, {
    worker: (prompt) => `In run ${runs} the wheel turns: ${titleOf(prompt)}, ${prompt.length}.`,
  });
  const first = await setting.until(await setting.accept({ clarify: 'off' }));
  runs = 2;
  const accepted = await setting.orchestration.rerun(
    principal,
    {
      projectId: first.project_id,
      fromTask: 't2',
      overrides: { tasks: { t2: { model: 'anthropic/large', instruction: 'Another way.' } } },
    },
    receipt,
  );
  assert.equal(accepted.number, 2);
  const second = await setting.until(accepted.run_id);
  assert.equal(second.status, 'succeeded');
  const outputs = second.tasks
    .filter((task) => task.kind === 'section')
    .map((task) => [task.title, /In run (\d)/.exec(task.output ?? '')?.[1]]);
  assert.deepEqual(outputs, [
    ['Title of t1', '1'],
    ['Title of t2', '2'],
    ['Title of t3', '2'],
  ]);
  assert.ok(second.tasks.every((task) => task.kind !== 'plan' && task.kind !== 'clarify'));
  const again = setting.dispatch.orders.find((order) =>
    order.request.messages.at(-1)?.content.includes('Another way.'),
  );
  assert.equal(again?.models[0], 'anthropic/large');
  await assert.rejects(
    setting.orchestration.rerun(
      principal,
      { projectId: first.project_id, fromTask: 't99' },
      receipt,
    ),
    refused('not_found'),
  );
});

test('what a rerun sets for a panel holds for its members, and a model is set for one of them', async (t) => {
  const setting = await setUpOrchestration(t);
  const first = await setting.until(await setting.accept({ panel: 2, clarify: 'off' }));
  const again = (tasks: Record<string, object>) =>
    setting.orchestration.rerun(
      principal,
      { projectId: first.project_id, overrides: { tasks } },
      receipt,
    );
  const { run_id: runId } = await again({ t1: { instruction: 'Another way.' } });
  const second = await setting.until(runId);
  const asked = setting.dispatch.orders.filter((order) =>
    order.request.messages.at(-1)?.content.includes('Another way.'),
  );
  const members = asked.filter(({ owner }) => 'runId' in owner && owner.runId === second.id);
  assert.ok(members.length >= 2, 'every member hears it');
  await assert.rejects(
    again({ t1: { model: 'openai/large' } }),
    (error) => isHeadraceError(error) && /t1\.1, t1\.2/.test(error.fix),
  );
  await setting.until((await again({ 't1.1': { model: 'deepseek/reasoner' } })).run_id);
});

test('a whole rerun plans anew under its own settings', async (t) => {
  const setting = await setUpOrchestration(t);
  const first = await setting.until(await setting.accept());
  const accepted = await setting.orchestration.rerun(
    principal,
    { projectId: first.project_id, overrides: { settings: { models: ['anthropic/large'] } } },
    receipt,
  );
  const second = await setting.until(accepted.run_id);
  assert.equal(second.number, 2);
  assert.equal(second.tasks.filter((task) => task.kind === 'plan').length, 1);
  const page = await setting.orchestration.listRuns(principal, { limit: 1 });
  assert.deepEqual(
    page.items.map((run) => run.id),
    [second.id],
  );
  const rest = await setting.orchestration.listRuns(principal, {
    cursor: page.next_cursor ?? '',
    projectId: first.project_id,
  });
  assert.deepEqual(
    rest.items.map((run) => run.id),
    [first.id],
  );
  assert.equal(rest.next_cursor, null);
});

test('the dead tasks of an ended run live on in a new one, which copies the rest', async (t) => {
  let broken = true;
  const plan = [criteriaLine, planLine({ id: 't1' }), planLine({ id: 't2' }), endLine(2)].join(
    '\n',
  );
  const setting = await setUpOrchestration(t, {
    planner: () => plan,
    worker: (prompt) => {
      if (broken && titleOf(prompt) === 'Title of t1') throw new HeadraceError('upstream_rejected');
      return 'The wheel turns.';
    },
  });
  const first = await setting.until(await setting.accept({ clarify: 'off' }));
  await setting.store.transaction('system', (tx) =>
    tx.query(`UPDATE tasks SET failure = failure || '{"dead": true}' WHERE status = 'failed'`),
  );
  broken = false;
  const redriven = await setting.orchestration.redriveRun(principal, first.id);
  assert.equal(redriven.redriven, 1);
  const second = await setting.until(redriven.run_id);
  assert.equal(second.verdict?.decision, 'pass');
  assert.equal((await setting.read(first.id)).verdict?.decision, 'partial');
});

test('files of the result are artifacts that can be read by their path', async (t) => {
  const plan = [
    criteriaLine,
    planLine({ id: 't1' }),
    planLine({ id: 't2', kind: 'file', path: 'src/wheel.py' }),
    endLine(2),
  ].join('\n');
  const setting = await setUpOrchestration(t, {
    planner: () => plan,
    worker: (prompt) =>
      titleOf(prompt) === 'Title of t2' ? '```python\nturn()\n```' : 'The wheel turns.',
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  const [artifact] = run.artifacts;
  assert.equal(artifact?.path, 'src/wheel.py');
  const read = await setting.orchestration.readArtifact(principal, {
    runId: run.id,
    path: 'src/wheel.py',
  });
  assert.equal(read.content.toString(), 'turn()\n');
  assert.equal(artifact?.bytes, read.content.length);
  await assert.rejects(
    setting.orchestration.readArtifact(principal, { runId: run.id, path: '../etc/passwd' }),
    refused('not_found'),
  );
});
