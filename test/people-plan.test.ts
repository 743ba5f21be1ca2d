import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { followEvents } from './follow-events.ts';
import {
  ask,
  awaits,
  begin,
  brief,
  finish,
  readPlan,
  readRun,
  start,
  tell,
  type,
  untilQuiet,
  writeEditor,
} from './person.ts';
import { openTerminal } from './terminal.ts';

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
  const editor = await writeEditor(simulated, [
    `return text.replace(/max_tokens: \\d+/, 'max_tokens: -1');`,
  ]);
  const pipe = openTerminal([]);
  pipe.stdin.isTTY = false;
  const unasked = await type(simulated, ['runs', 'plan', runId, '--edit'], {
    terminal: pipe,
    editor,
  });
  assert.equal(unasked.code, 2, 'nobody can be asked to mend it');
  assert.match(unasked.shown, /The plan stays as it was:\n.*max_tokens[\s\S]*use --from \S+\.yaml/);
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

test('where nobody can be asked the command ends with the waiting plan, and approval elsewhere carries it out', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await start(t);
  const path = join(simulated.dataDir, 'brief.md');
  await writeFile(path, brief);
  const pipe = openTerminal([]);
  pipe.stdin.isTTY = false;
  const argv = ['run', path, '--approve', 'ask'];
  const waiting = await type(simulated, argv, { terminal: pipe });
  assert.equal(waiting.code, 6, waiting.shown);
  assert.equal(waiting.printed, '');
  const [, runId = ''] = /headrace runs approve (run_\w+) carries it out/.exec(waiting.shown) ?? [];
  const run = await readRun(simulated, runId);
  assert.equal(run.status, 'awaiting_approval');
  assert.ok(run.tasks.every(({ kind, attempts }) => kind !== 'section' || attempts.length === 0));
  const again = await type(simulated, ['runs', 'resume', runId, '--json'], { terminal: pipe });
  assert.equal(again.code, 6);
  assert.equal(JSON.parse(again.printed).status, 'awaiting_approval');
  assert.equal((await type(simulated, ['runs', 'approve', runId])).code, 0);
  assert.equal((await finish(simulated, runId)).status, 'succeeded');
  const listed = await type(simulated, ['runs', 'list']);
  assert.match(listed.printed, /Write a report for the council on night trains/);
});

test('a running plan is edited too, but for what was begun', { timeout: 120_000 }, async (t) => {
  const simulated = await start(t, 0.2);
  const runId = await begin(simulated);
  const happened = new Set<string>();
  await followEvents(simulated, runId, ({ type: name }) => {
    happened.add(name);
    return happened.has('plan.completed') && happened.has('answer.collected');
  });
  // Stood still, so that what is edited is what stays.
  await tell(simulated, runId, 'pause');
  await untilQuiet(simulated, runId);
  const editor = await writeEditor(simulated, [
    `return text.replace(/(- id: t1\\n    title: ).*/, '$1Begun already');`,
    `return text.replace('title: Begun already', 'title: Scope and terms')
      .replace('title: How the parts fit together', 'title: What the parts have in common')
      + '  - id: extra\\n    title: A word on tickets\\n    instruction: Explain tickets.\\n    deps: [t1]\\n';`,
  ]);
  const terminal = openTerminal([{ to: /Edit it again\?/, type: 'yes' }]);
  const before = await readPlan(simulated, runId);
  assert.equal(before.tasks[0]?.title, 'Scope and terms');
  const { code, shown } = await type(simulated, ['runs', 'plan', runId, '--edit'], {
    terminal,
    editor,
  });
  assert.equal(code, 0, shown);
  assert.match(
    shown,
    /line \d+: .*\(t1\) is succeeded; only tasks that nobody has begun can be changed/,
  );
  const saw = await readFile(join(simulated.dataDir, 'editor.mjs.saw0'), 'utf8');
  assert.match(saw, /# succeeded: stays as it is\n {2}- id: t1\n/);
  await tell(simulated, runId, 'resume');
  const run = await finish(simulated, runId);
  assert.equal(run.status, 'succeeded');
  assert.match(run.result, /^## A word on tickets$/m);
  assert.ok(run.tasks.some(({ title }) => title === 'What the parts have in common'));
});
