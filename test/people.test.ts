import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import { systemClock } from '../src/platform/clock.ts';
import { eventually } from './eventually.ts';
import { followEvents } from './follow-events.ts';
import {
  ask,
  awaits,
  begin,
  brief,
  countAttempts,
  finish,
  readPlan,
  readRun,
  readSimulator,
  start,
  tell,
  type,
  untilQuiet,
} from './person.ts';
import { openTerminal } from './terminal.ts';

test('an answer given over HTTP stands in the result, and what nobody answers keeps its default', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await start(t);
  const runId = await begin(simulated, { clarify: 'ask' });
  await followEvents(simulated, runId, awaits('awaiting_input'));
  const asked = await readRun(simulated, runId);
  assert.ok(asked.clarifications.length >= 2, 'the brief leaves something open');
  assert.deepEqual(
    asked.clarifications.map(({ index }) => index),
    asked.clarifications.map((_, place) => place),
  );
  assert.ok(Date.parse(asked.answers_due_at ?? '') > Date.now(), 'it says until when it waits');
  const answer = 'Retired train drivers';
  await ask(simulated, `/api/v1/runs/${runId}/answers`, { answers: [{ index: 0, answer }] });
  const run = await finish(simulated, runId);
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(
    run.clarifications.map(({ source }) => source),
    ['person', ...asked.clarifications.slice(1).map(() => 'default')],
  );
  assert.equal(run.clarifications[1]?.answer, asked.clarifications[1]?.answer);
  assert.equal(run.answers_due_at, null);
  assert.match(run.result, /retired train drivers/i);
  const unasked = await finish(simulated, await begin(simulated, { clarify: 'auto' }));
  assert.doesNotMatch(unasked.result, /retired train drivers/i);
  const late = await simulated.call(`/api/v1/runs/${runId}/answers`, { body: { answers: [] } });
  assert.equal(late.status, 409, 'answers that come too late are refused');
});

test('questions are answered at the terminal too, and Enter takes the default', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await start(t);
  const path = join(simulated.dataDir, 'brief.md');
  await writeFile(path, brief);
  const question = (number: number) => new RegExp(`  ${number}\\. [^[]*\\[.*\\] `);
  const terminal = openTerminal([
    { to: question(1), type: 'Retired train drivers' },
    { to: question(2), type: '' },
    { to: question(3), type: '' },
  ]);
  const { code, shown, printed } = await type(simulated, ['run', path], { terminal });
  assert.equal(code, 0, shown);
  assert.match(printed, /retired train drivers/i);
  const { data } = await ask<{ data: { id: string }[] }>(simulated, '/api/v1/runs');
  const run = await readRun(simulated, data[0]?.id ?? '');
  assert.deepEqual(
    run.clarifications.map(({ source }) => source),
    ['person', ...run.clarifications.slice(1).map(() => 'default')],
  );
});

test('where nobody answers, the defaults hold at the deadline', { timeout: 120_000 }, async (t) => {
  const simulated = await start(t);
  const runId = await begin(simulated, { clarify: 'ask' });
  await followEvents(simulated, runId, awaits('awaiting_input'));
  const database = new Client(simulated.databaseUrl);
  await database.connect();
  // Ten minutes pass.
  await database.query('UPDATE headrace.runs SET answers_due_at = clock_timestamp()');
  await database.end();
  const events = await followEvents(simulated, runId, awaits('planning'));
  const answered = events.find((event) => event.type === 'questions.answered');
  assert.deepEqual(answered?.data, { source: 'default', answered: 0 });
  const run = await readRun(simulated, runId);
  assert.ok(run.clarifications.every(({ source, answer }) => source === 'default' && answer));
  await tell(simulated, runId, 'cancel');
});

test('a paused run calls nothing more, not even after a restart, and goes on when it is resumed', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await start(t, 0.2);
  const runId = await begin(simulated);
  await followEvents(simulated, runId, (event) => event.type === 'answer.collected');
  assert.equal((await tell(simulated, runId, 'pause')).status, 'paused');
  const quiet = await untilQuiet(simulated, runId);
  assert.ok(quiet.tasks.some(({ status }) => ['pending', 'ready'].includes(status)));
  await simulated.headrace.close();
  const again = await simulated.restart();
  // The workers are awake: another piece of work goes through them meanwhile.
  const other = await ask<{ task_id: string }>(again, '/tasks', {
    prompt: 'What is 6 times 7?',
    models: ['gpt-4'],
  });
  await eventually(async () => {
    const task = await ask<{ status: string }>(again, `/tasks/${other.task_id}`);
    assert.equal(task.status, 'completed');
  });
  const still = await readRun(again, runId);
  assert.equal(still.status, 'paused');
  assert.equal(countAttempts(still), countAttempts(quiet), 'nothing was called meanwhile');
  await tell(again, runId, 'resume');
  const run = await finish(again, runId);
  assert.equal(run.status, 'succeeded');
  for (const task of quiet.tasks.filter(({ status }) => status === 'succeeded')) {
    const now = run.tasks.find(({ id }) => id === task.id);
    assert.equal(
      now?.attempts.length,
      task.attempts.length,
      'what was answered is not asked again',
    );
  }
});

test('a cancelled run has ended at once, and its calls upstream are broken off', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await start(t, 0.2);
  const runId = await begin(simulated);
  await followEvents(simulated, runId, (event) => event.type === 'plan.completed');
  // From now on no call would ever end by itself.
  await fetch(`${simulated.simulatorUrl}/_simulator/faults`, {
    method: 'POST',
    body: JSON.stringify({ rates: { hang: 1 } }),
  });
  await eventually(async () => {
    const seen = await readSimulator(simulated);
    assert.ok((seen.faults['hang'] ?? 0) > 0 && seen.in_flight > 0);
  });
  const toldAt = systemClock.now();
  assert.equal((await tell(simulated, runId, 'cancel')).status, 'cancelled');
  await eventually(async () => assert.equal((await readSimulator(simulated)).in_flight, 0));
  t.diagnostic(`calls were gone ${systemClock.now() - toldAt} ms after the word`);
  const ended = await eventually(async () => {
    const run = await readRun(simulated, runId);
    for (const { attempts } of run.tasks) for (const { outcome } of attempts) assert.ok(outcome);
    return run;
  });
  assert.equal(ended.status, 'cancelled');
  const live = ['pending', 'ready', 'assigned', 'running'];
  assert.ok(!ended.tasks.some(({ status }) => live.includes(status)));
  assert.equal((await tell(simulated, runId, 'cancel')).status, 'cancelled', 'twice is no error');
  const { requests } = await readSimulator(simulated);
  // One can be cut off before it arrives, but none arrives that was not written down.
  assert.ok(requests <= countAttempts(ended), 'every call that was made is on the ledger');
});

test('a rerun from a task asks for that task and its dependants only, with what is set for it', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await start(t);
  const first = await finish(simulated, await begin(simulated));
  assert.equal(first.status, 'succeeded');
  const { tasks } = await readPlan(simulated, first.id);
  const again = tasks.filter(({ kind }) => kind === 'section').at(-2)!;
  const affected = new Set([again.id]);
  for (const task of tasks) {
    if (task.depends_on.some((id) => affected.has(id))) affected.add(task.id);
  }
  const titles = new Set(tasks.filter(({ id }) => affected.has(id)).map(({ title }) => title));
  assert.ok(titles.size >= 1 && titles.size < tasks.length);
  const before = await readSimulator(simulated);
  const { code, shown } = await type(simulated, [
    ...['runs', 'rerun', first.id, '--from', again.key],
    ...['--set', `${again.key}.model=qwen/qwen3.8-max`, '--set', `${again.key}.max_tokens=444`],
  ]);
  assert.equal(code, 0, shown);
  const { data } = await ask<{ data: { id: string; number: number }[] }>(simulated, '/api/v1/runs');
  const second = await readRun(simulated, data.find(({ number }) => number === 2)!.id);
  assert.equal(second.project_id, first.project_id);
  const called = second.tasks.filter((task) => ['section', 'file', 'research'].includes(task.kind));
  for (const task of called) {
    assert.equal(task.attempts.length, titles.has(task.title) ? 1 : 0, task.title);
  }
  const changed = second.tasks.find(({ title }) => title === again.title)!;
  assert.equal(changed.attempts[0]?.model, 'qwen/qwen3.8-max');
  const planned = (await readPlan(simulated, second.id)).tasks;
  assert.equal(planned.find(({ key }) => key === again.key)?.max_tokens, 444);
  const after = await readSimulator(simulated);
  assert.equal(after.requests - before.requests, countAttempts(second));

  await t.test('two runs are set side by side', async () => {
    const compared = await type(simulated, ['runs', 'compare', first.id, second.id, '--json']);
    const { runs, tasks: rows } = JSON.parse(compared.printed);
    assert.deepEqual(
      runs.map(({ id }: { id: string }) => id),
      [first.id, second.id],
    );
    const row = rows.find(({ title }: { title: string }) => title === again.title);
    assert.equal(row.runs[1].model, 'qwen/qwen3.8-max');
  });

  await t.test('a rerun of everything asks for everything', async () => {
    const path = `/api/v1/projects/${first.project_id}/runs`;
    const { run_id: runId } = await ask<{ run_id: string }>(simulated, path, {
      from_run: first.id,
    });
    const third = await finish(simulated, runId);
    assert.equal(third.number, 3);
    assert.ok(third.tasks.every(({ kind, attempts }) => attempts.length > 0 || kind === 'merge'));
  });

  await t.test('what cannot be set is said in one sentence', async () => {
    for (const set of ['t1.colour=red', 't1.max_tokens=many', 'nonsense', 't1.model=']) {
      const refused = await type(simulated, ['runs', 'rerun', first.id, '--set', set]);
      assert.equal(refused.code, 2, set);
      assert.match(refused.shown, /model, instruction, max_tokens|whole number/);
    }
    const unknown = await type(simulated, ['runs', 'rerun', first.id, '--from', 't99']);
    assert.match(unknown.shown, /no task "t99"/);
    const model = ['--set', 't1.model=nobody/nothing'];
    const unserved = await type(simulated, ['runs', 'rerun', first.id, ...model]);
    assert.match(unserved.shown, /model_unknown/);
  });
});
