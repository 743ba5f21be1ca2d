import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Client } from 'pg';
import { runCli } from '../src/cli/index.ts';
import { systemClock } from '../src/platform/clock.ts';
import { eventually } from './eventually.ts';
import { followEvents } from './follow-events.ts';
import { type Simulated, startSimulated, testAdminKey } from './start-simulated.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** What these tests read of a run. */
interface Run {
  id: string;
  project_id: string;
  number: number;
  status: string;
  clarifications: { question: string; answer: string; source: string }[];
  tasks: { id: string; title: string; kind: string; status: string; attempts: Attempt[] }[];
  result: string;
}
interface Attempt {
  model: string;
  outcome: string | null;
}
interface Plan {
  version: number;
  status: string;
  tasks: {
    id: string;
    key: string;
    title: string;
    kind: string;
    depends_on: string[];
    max_tokens: number;
  }[];
}
interface Seen {
  requests: number;
  in_flight: number;
  faults: Record<string, number>;
}

const brief = `Write a report for the council on night trains.

- The present state: lines, stations, passengers
- Three options compared: none, one line, two lines
- The cost: investment, operation, tickets
- Risks and what to do about them`;

// Calm: what people do is looked at here, not what models do to them.
const start = (t: TestContext, latencyScale = 0.02) =>
  startSimulated(t, { kind: true, latencyScale });

async function ask<T>(simulated: Simulated, path: string, body?: unknown): Promise<T> {
  const response = await simulated.call(path, { body });
  assert.ok(response.ok, `${path}: ${await response.clone().text()}`);
  return (await response.json()) as T;
}

async function tell(simulated: Simulated, runId: string, verb: string): Promise<Run> {
  const response = await simulated.call(`/api/v1/runs/${runId}/${verb}`, { method: 'POST' });
  assert.ok(response.ok, `${verb}: ${await response.clone().text()}`);
  return (await response.json()) as Run;
}

async function begin(simulated: Simulated, settings: object = {}): Promise<string> {
  const body = { brief, clarify: 'off', ...settings };
  return (await ask<{ run_id: string }>(simulated, '/api/v1/projects', body)).run_id;
}

const readRun = (simulated: Simulated, runId: string) =>
  ask<Run>(simulated, `/api/v1/runs/${runId}`);
const readPlan = (simulated: Simulated, runId: string) =>
  ask<Plan>(simulated, `/api/v1/runs/${runId}/plan`);

async function finish(simulated: Simulated, runId: string): Promise<Run> {
  await followEvents(simulated, runId);
  return readRun(simulated, runId);
}

async function readSimulator(simulated: Simulated): Promise<Seen> {
  const response = await fetch(`${simulated.simulatorUrl}/_simulator/stats`);
  const { accounts } = (await response.json()) as { accounts: Seen[] };
  const sum = (read: (seen: Seen) => number) =>
    accounts.reduce((total, seen) => total + read(seen), 0);
  return {
    requests: sum((seen) => seen.requests),
    in_flight: sum((seen) => seen.in_flight),
    faults: { hang: sum((seen) => seen.faults['hang'] ?? 0) },
  };
}

const countAttempts = (run: Run) =>
  run.tasks.reduce((total, task) => total + task.attempts.length, 0);
const awaits = (status: string) => (event: { type: string; data: Record<string, unknown> }) =>
  event.type === 'run.updated' && event.data['status'] === status;

/** `headrace` at a terminal, talking to the gateway of the test. */
async function type(simulated: Simulated, argv: string[], over: Partial<Typing> = {}) {
  const terminal = over.terminal ?? openTerminal([]);
  const code = await runCli({
    argv,
    version: '0.0.0',
    ...{ stdin: terminal.stdin, stdout: terminal.stdout, stderr: terminal.stderr },
    color: false,
    clock: systemClock,
    url: simulated.headrace.url,
    apiKey: testAdminKey,
    editor: over.editor ?? null,
    readSetup: async () => ({
      dataDir: simulated.dataDir,
      configFile: null,
      accounts: [],
      ollamaUrl: null,
      warnings: [],
    }),
    startServer: () => Promise.reject(new Error('no server is to be started')),
    startSimulator: () => Promise.reject(new Error('no simulator is to be started')),
    onInterrupt: () => () => {},
  });
  return { code, shown: terminal.shown(), printed: terminal.printed() };
}
interface Typing {
  terminal: Terminal;
  editor: string;
}

/** An editor that does one thing after the other with the text it is given, a function body each. */
async function writeEditor(simulated: Simulated, edits: readonly string[]): Promise<string> {
  const path = join(simulated.dataDir, 'editor.mjs');
  const steps = edits.map((edit) => `(text) => { ${edit} }`).join(',\n');
  await writeFile(
    path,
    `import { appendFileSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
const file = process.argv.at(-1);
const counter = ${JSON.stringify(`${path}.turns`)};
const turn = existsSync(counter) ? readFileSync(counter, 'utf8').length : 0;
appendFileSync(counter, '.');
const text = readFileSync(file, 'utf8');
writeFileSync(${JSON.stringify(path)} + '.saw' + turn, text);
writeFileSync(file, [${steps}][turn](text));
`,
  );
  return `${process.execPath} ${path}`;
}

test('an answer given over HTTP stands in the result, and what nobody answers keeps its default', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await start(t);
  const runId = await begin(simulated, { clarify: 'ask' });
  await followEvents(simulated, runId, awaits('awaiting_input'));
  const asked = await readRun(simulated, runId);
  assert.ok(asked.clarifications.length >= 2, 'the brief leaves something open');
  const answer = 'Retired train drivers';
  await ask(simulated, `/api/v1/runs/${runId}/answers`, { answers: [{ index: 0, answer }] });
  const run = await finish(simulated, runId);
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(
    run.clarifications.map(({ source }) => source),
    ['person', ...asked.clarifications.slice(1).map(() => 'default')],
  );
  assert.equal(run.clarifications[1]?.answer, asked.clarifications[1]?.answer);
  assert.match(run.result, /retired train drivers/i);
  const unasked = await finish(simulated, await begin(simulated, { clarify: 'auto' }));
  assert.doesNotMatch(unasked.result, /retired train drivers/i);
  const late = await simulated.call(`/api/v1/runs/${runId}/answers`, { body: { answers: [] } });
  assert.equal(late.status, 409, 'answers that come too late are refused');
});

test('where nobody answers, the defaults hold at the deadline', { timeout: 120_000 }, async (t) => {
  const simulated = await start(t);
  const runId = await begin(simulated, { clarify: 'ask' });
  await followEvents(simulated, runId, awaits('awaiting_input'));
  const database = new Client(simulated.databaseUrl);
  await database.connect();
  // Ten minutes pass.
  await database.query('UPDATE headrace.runs SET answers_due_at = headrace.headrace_now()');
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
  const quiet = await eventually(async () => {
    const run = await readRun(simulated, runId);
    assert.ok(!run.tasks.some(({ status }) => ['assigned', 'running'].includes(status)));
    return run;
  });
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
  assert.equal(requests, countAttempts(ended), 'every call that was made is on the ledger');
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

test('a plan that waits for approval is edited until it is valid, and carried out as it then is', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await start(t);
  const editor = await writeEditor(simulated, [
    'return "";',
    'return text;',
    `return text.replace('max_tokens: ', 'max_tokens: about ').replace('kind: section', 'kind: chapter');`,
    `return text.replace('max_tokens: about ', 'max_tokens: ').replace('kind: chapter', 'kind: section')
      .replace(/deps:\\n {6}- \\{ id: t1,/, 'deps:\\n      - { id: t77,');`,
    `return text.replace('id: t77', 'id: t1').replace('title: Cost', 'title: What it costs');`,
  ]);
  const path = join(simulated.dataDir, 'brief.md');
  await writeFile(path, brief);
  const approval = /Carry out this plan\? \[yes\/edit\/no\]/;
  const terminal = openTerminal([
    { to: approval, type: 'edit' },
    { to: approval, type: 'edit' },
    { to: approval, type: 'edit' },
    { to: /Edit it again\? \[yes\/no\]/, type: 'yes' },
    { to: /Edit it again\? \[yes\/no\]/, type: 'yes' },
    { to: approval, type: 'yes' },
  ]);
  const argv = ['run', path, '--clarify', 'off', '--approve', 'ask'];
  const { code, shown } = await type(simulated, argv, { terminal, editor });
  assert.equal(code, 0, shown);
  assert.match(shown, /The file is empty, so the plan stays as it was/);
  assert.match(shown, /Nothing was changed; the plan stays as it was/);
  assert.match(shown, /line \d+: tasks\[0\]\.max_tokens: expected a number, found a text/);
  assert.match(
    shown,
    /line \d+: tasks\[\d\]\.kind: expected "section", "file", "research", found "chapter"/,
  );
  assert.match(shown, /line \d+: .*no task "t77" before/);
  const saw = await readFile(join(simulated.dataDir, 'editor.mjs.saw3'), 'utf8');
  const [, line] = /^#! - line (\d+): tasks\[0\]\.max_tokens/m.exec(saw) ?? [];
  assert.match(
    saw.split('\n')[Number(line) - 1] ?? '',
    /max_tokens: about/,
    'the line is the line',
  );
  const { data } = await ask<{ data: { id: string }[] }>(simulated, '/api/v1/runs');
  const run = await readRun(simulated, data[0]!.id);
  assert.match(run.result, /^## What it costs$/m);
  const events = await followEvents(simulated, run.id);
  assert.equal(events.filter(({ type: name }) => name === 'plan.changed').length, 1);
  assert.ok(
    events.findIndex(({ type: name }) => name === 'plan.approved') <
      events.findIndex(({ type: name }) => name === 'task.assigned'),
    'nothing began before the yes',
  );
});

test('a plan is shown, changed from a file and approved at the command line', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await start(t);
  const runId = await begin(simulated, { approve: 'ask' });
  await followEvents(simulated, runId, awaits('awaiting_approval'));
  const yaml = (await type(simulated, ['runs', 'plan', runId])).printed;
  const path = join(simulated.dataDir, 'plan.yaml');
  await writeFile(path, yaml.replace(/max_tokens: \d+/, 'max_tokens: -1'));
  const refused = await type(simulated, ['runs', 'plan', runId, '--from', path]);
  assert.equal(refused.code, 2);
  assert.match(
    refused.shown,
    /plan\.yaml cannot be used as a plan:\n {2}line \d+: tasks\[0\]\.max_tokens/,
  );
  await writeFile(path, yaml.replace(/max_tokens: \d+/, 'max_tokens: 333'));
  const changed = await type(simulated, ['runs', 'plan', runId, '--from', path]);
  assert.equal(changed.code, 0, changed.shown);
  const plan = await readPlan(simulated, runId);
  assert.equal(plan.tasks[0]?.max_tokens, 333);
  assert.equal(plan.version, 2);
  const stale = await type(simulated, ['runs', 'plan', runId, '--from', path]);
  assert.match(stale.shown, /version 2, not 1/);
  assert.equal((await type(simulated, ['runs', 'approve', runId])).code, 0);
  assert.equal((await finish(simulated, runId)).status, 'succeeded');
  const late = await type(simulated, ['runs', 'approve', runId]);
  assert.match(late.shown, /The run is succeeded\. It waits for no approval/);
});
