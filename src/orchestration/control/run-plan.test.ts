import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  criteriaLine,
  endLine,
  planLine,
  principal,
  receipt,
  type Script,
  setUpOrchestration,
  smallPlan,
  tagOf,
} from '../../../test/set-up-orchestration.ts';
import { CallError } from '../../dispatch/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';

/** Runs a brief whose planner gives these answers, the last one again and again. */
async function runPlans(
  t: Parameters<typeof setUpOrchestration>[0],
  answers: readonly string[],
  script: Script = {},
) {
  const prompts: string[] = [];
  const setting = await setUpOrchestration(t, {
    planner: (prompt) => {
      prompts.push(prompt);
      return answers[Math.min(prompts.length, answers.length) - 1] ?? '';
    },
    ...script,
  });
  const runId = await setting.accept({ clarify: 'off' });
  const run = await setting.until(runId);
  const events = await setting.events(runId);
  const work = run.tasks.filter((task) => ['section', 'file', 'research'].includes(task.kind));
  return {
    ...{ setting, run, events, prompts },
    note: events.find((event) => event.type === 'plan.completed')?.data['note'] as string | null,
    titles: work.map((task) => task.title),
    repairs: events
      .filter((event) => event.type === 'plan.line_repaired')
      .map((event) => event.data['what']),
  };
}

/** What dispatch throws where a provider's answer has no text. */
function blankAnswer(): CallError {
  const failure = {
    ...({ kind: 'transient', scope: 'request', retryable: true, retryAfterMs: null } as const),
    ...({ dimension: null, limit: null, until: null, provenance: 'guessed' } as const),
    ...{ code: 'answer_blank', message: 'The provider answered with nothing.' },
  };
  const facts = { where: 'deepseek/reasoner', attempts: 1, partialText: '', timedOut: false };
  return new CallError(failure, facts);
}

const all = ['Title of t1', 'Title of t2', 'Title of t3'];

/** What a planner in a loop writes: titles with a number, and nothing that says what is to be done. */
const flood = Array.from({ length: 500 }, (_, index) => {
  const title = `Part ${['of the wheel', 'of the dam'][index % 2]} ${index}`;
  return JSON.stringify({ id: `t${index + 1}`, title, instruction: `${title}.` });
}).join('\n');

test('a plan without an end that says nothing but titles is asked for again, and begins nothing before', async (t) => {
  const { run, titles, prompts, note, repairs } = await runPlans(t, [flood, smallPlan]);
  assert.equal(run.verdict?.decision, 'pass');
  assert.deepEqual(titles, all);
  assert.equal(prompts.length, 2);
  assert.match(prompts[1] ?? '', /beyond 100 tasks, and most of them say nothing but a title/);
  assert.doesNotMatch(prompts[1] ?? '', /<plan_so_far>/);
  assert.deepEqual(repairs, ['too_many_tasks']);
  assert.equal(note, null);
});

test('where the planner has nothing else to say, each of its titles is a task once', async (t) => {
  const { titles, prompts, repairs } = await runPlans(t, [flood]);
  assert.deepEqual(titles, ['Part of the wheel 0', 'Part of the dam 1']);
  assert.equal(prompts.length, 2);
  assert.deepEqual(repairs.toSorted(), ['repeated', 'too_many_tasks', 'too_many_tasks']);
  const idle = await runPlans(t, [flood, 'I cannot plan this.']);
  assert.deepEqual(idle.titles, titles, 'not even that comes again');
  assert.equal(idle.prompts.length, 3);
});

test('a fenced, thoughtful plan needs no second call', async (t) => {
  const plan = `<think>Hm.</think>\n\`\`\`json\n${smallPlan}\n\`\`\``;
  const { run, titles, prompts, repairs } = await runPlans(t, [plan]);
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(titles, all);
  assert.equal(prompts.length, 1);
  assert.deepEqual(repairs, ['thinking', 'fenced']);
});

test('a truncated plan is continued from its accepted lines, which are not asked for again', async (t) => {
  const cut = smallPlan.slice(0, smallPlan.indexOf('"Write about t3'));
  const rest = [planLine({ id: 't3', deps: [{ id: 't1', uses: 'all' }] }), endLine(3)].join('\n');
  const { run, titles, prompts, repairs } = await runPlans(t, [cut, rest]);
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(titles, all);
  assert.equal(prompts.length, 2);
  const soFar = tagOf(prompts[1] ?? '', 'plan_so_far').split('\n');
  assert.deepEqual(
    soFar.map((line) => (JSON.parse(line) as { id: string }).id),
    ['t1', 't2'],
  );
  assert.match(tagOf(prompts[1] ?? '', 'problem'), /it could not be read as JSON/);
  assert.deepEqual(repairs, ['truncated']);
});

test('what a thought without its opening tag drafts is no task', async (t) => {
  const thought = `Hm, one task?\n${planLine({ id: 't1', title: 'Draft of everything' })}\nNo.`;
  const { run, titles, prompts, repairs } = await runPlans(t, [
    `${thought}\n</think>\n${smallPlan}`,
  ]);
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(titles, all);
  assert.equal(prompts.length, 1);
  assert.deepEqual(repairs, ['thinking']);
});

test('a plan that stands in the reasoning, with nothing beside it, is taken from there', async (t) => {
  const draft = planLine({ id: 't1', title: 'Draft of everything' });
  let asked = 0;
  const { run, titles, repairs } = await runPlans(t, [], {
    planner: async (_, order) => {
      asked += 1;
      const thought = `Maybe ${draft}? No.\n\n${smallPlan}`;
      await order.onEvent?.({ type: 'reasoning', text: thought });
      throw blankAnswer();
    },
  });
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(titles, all);
  assert.equal(asked, 1);
  assert.deepEqual(repairs, ['thinking']);
});

test('a line that stays unreadable is named, not dropped in silence', async (t) => {
  const plan = [criteriaLine, planLine({ id: 't1' }), '{"colour":"blue"}', endLine(2)].join('\n');
  const { run, titles, repairs, prompts, note } = await runPlans(t, [plan]);
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(titles, ['Title of t1']);
  assert.ok(prompts.length > 1);
  assert.ok(repairs.includes('unreadable'));
  assert.match(
    note ?? '',
    /object 3 of the plan stayed damaged.*left out.*colour.*counts 2.*1 were read/,
  );
});

test('a truncated line that nobody completes is taken as far as it goes', async (t) => {
  const cut = planLine({ id: 't2' }).slice(0, 70);
  const plan = [criteriaLine, planLine({ id: 't1' }), cut].join('\n');
  const { run, titles, repairs, note } = await runPlans(t, [plan, '']);
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(titles, ['Title of t1', 'Title of t2']);
  assert.ok(repairs.includes('truncated'));
  assert.match(note ?? '', /stayed damaged.*as far as it goes.*broke off behind its 2 tasks/);
});

test('an empty plan becomes one task that says why', async (t) => {
  const { run, titles, repairs } = await runPlans(t, ['I cannot plan this.']);
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(titles, ['The whole brief']);
  assert.deepEqual(repairs, ['empty', 'single_task']);
  assert.match(run.plan.single ?? '', /no usable plan/);
  assert.equal(run.plan.note, run.plan.single);
});

test('a brief too simple to split is one task, and the plan says why', async (t) => {
  const plan = [criteriaLine, planLine({ id: 't1' }), endLine(1, 'One question.')].join('\n');
  const { setting, run, events } = await runPlans(t, [plan]);
  assert.deepEqual(run.plan, { single: 'One question.', note: null });
  const repeat = { projectId: run.project_id, fromTask: 't1' };
  const { run_id } = await setting.orchestration.rerun(principal, repeat, receipt);
  const again = await setting.until(run_id);
  assert.equal(again.plan.single, 'One question.', 'a repeated plan is still one task');
  const completed = events.find((event) => event.type === 'plan.completed');
  assert.deepEqual(completed?.data, {
    ...{ tasks: 1, broken_off: false, note: null, single: 'One question.' },
  });
});

test('ten thousand tasks are cut to a hundred while they stream, and the run says so', async (t) => {
  const lines = Array.from({ length: 10_000 }, (_, index) => planLine({ id: `t${index + 1}` }));
  const { titles, repairs, run } = await runPlans(t, [[criteriaLine, ...lines].join('\n')]);
  assert.equal(titles.length, 100);
  assert.ok(repairs.includes('too_many_tasks'));
  assert.equal(run.status, 'succeeded');
});

test('forward and circular dependencies, duplicate ids and unknown models still run to a result', async (t) => {
  const plan = [
    criteriaLine,
    planLine({ id: 't1', deps: ['t2'] }),
    planLine({ id: 't2', models: ['hal-9000'] }),
    planLine({ id: 't2', title: 'Another' }),
    planLine({ id: 't3', deps: ['t4'] }),
    planLine({ id: 't4', deps: ['t3'] }),
    endLine(5),
  ].join('\n');
  const { run, titles, repairs } = await runPlans(t, [plan]);
  assert.equal(run.status, 'succeeded');
  assert.equal(titles.length, 5);
  for (const what of ['forward_dependency', 'duplicate_id', 'unknown_model', 'cyclic_dependency']) {
    assert.ok(repairs.includes(what), what);
  }
});

test('tasks start while the plan still streams, and none before approval where a person wants to see it', async (t) => {
  const started = Promise.withResolvers<void>();
  const setting = await setUpOrchestration(t, {
    planner: async (_, order) => {
      await order.onEvent?.({ type: 'text', text: `${criteriaLine}\n${planLine({ id: 't1' })}\n` });
      // The plan goes on only when its first task has been worked on.
      if (!asked) await started.promise;
      await order.onEvent?.({ type: 'text', text: `${planLine({ id: 't2' })}\n${endLine(2)}\n` });
      return '';
    },
    worker: () => {
      started.resolve();
      return 'The wheel turns.';
    },
  });
  let asked = false;
  const run = await setting.until(await setting.accept());
  assert.equal(run.status, 'succeeded');

  asked = true;
  const shown = await setting.accept({ approve: 'ask' });
  const waiting = await setting.until(shown, (each) => each.status === 'awaiting_approval');
  const work = waiting.tasks.filter((task) => task.kind === 'section');
  assert.deepEqual(
    work.map((task) => task.status),
    ['pending', 'pending'],
  );
  const { orchestration } = setting;
  await orchestration.approvePlan({ tenantId: 'default', userId: null, role: 'admin' }, shown);
  assert.equal((await setting.until(shown)).status, 'succeeded');
});

test('a stream that breaks off is continued with what it gave', async (t) => {
  let calls = 0;
  const setting = await setUpOrchestration(t, {
    planner: async (_, order) => {
      calls += 1;
      if (calls > 1) return [planLine({ id: 't2' }), endLine(2)].join('\n');
      await order.onEvent?.({ type: 'text', text: `${criteriaLine}\n${planLine({ id: 't1' })}\n` });
      throw new HeadraceError('upstream_failed');
    },
  });
  const run = await setting.until(await setting.accept());
  assert.equal(run.status, 'succeeded');
  assert.equal(run.tasks.filter((task) => task.kind === 'section').length, 2);
});

test('a planner that never answers ends the run with its reason', async (t) => {
  const setting = await setUpOrchestration(t, {
    planner: () => {
      throw new HeadraceError('upstream_rejected', { message: 'Not with this key.' });
    },
  });
  const run = await setting.until(await setting.accept());
  assert.equal(run.status, 'failed');
  assert.deepEqual(run.failure, { code: 'upstream_rejected', message: 'Not with this key.' });
});
