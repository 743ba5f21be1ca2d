import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallOrder, Dispatch, ModelInfo } from '../dispatch/index.ts';
import { mergeAnswers } from './merge.ts';
import type { AnsweredTask, ResultsDeps } from './results.ts';

/** A merger with a small window that answers what `reply` makes of its prompt. */
function createMerger(contextTokens: number, reply: (prompt: string) => string) {
  const prompts: string[] = [];
  const model: ModelInfo = {
    ...{ id: 'deepseek/m', provider: 'deepseek', model: 'm', family: 'deepseek' },
    ...{ contextTokens, maxOutputTokens: 4_000, tier: 3, simulated: true },
    ...{ inputUsdPerMillion: 1, outputUsdPerMillion: 1, dearestUsdPerMillion: null },
  };
  const dispatch: Dispatch = {
    models: () => [model],
    resolveModel: () => model,
    headroom: () => [],
    simulated: () => true,
    call: async (order: CallOrder) => {
      const prompt = order.request.messages.map((message) => message.content).join('\n');
      prompts.push(prompt);
      const text = reply(prompt);
      return {
        answer: { id: null, model: 'm', text, reasoning: '', finishReason: 'stop', usage: null },
        ...{ provider: 'deepseek', model: 'm', accountId: 'a', attemptId: 'att_1', attempts: 1 },
        ...{ simulated: true, costNanoUsd: 0 },
      };
    },
  };
  const deps: ResultsDeps = {
    dispatch,
    models: [model.id],
    call: {
      ...{ tenantId: 'default', lane: 'standard', owner: { requestId: 'req_1' }, deadlineAt: 0 },
      signal: new AbortController().signal,
    },
  };
  return { deps, prompts };
}

const research = (id: string, output: string): AnsweredTask => ({
  ...{ id, key: id, title: `Study ${id}`, kind: 'research', instruction: '', acceptance: [] },
  ...{ artifactPath: null, dependsOn: [], required: true, failure: null },
  ...{ model: null, confidence: null, output },
});

const merge = (deps: ResultsDeps, tasks: AnsweredTask[]) =>
  mergeAnswers(deps, {
    commission: { brief: 'Join them.', clarifications: [], criteria: [] },
    tasks,
  });

const inputsOf = (prompt: string) =>
  [...prompt.matchAll(/<input [^>]*>\n?([\s\S]*?)<\/input>/g)]
    .map((match) => match[1])
    .join('\n\n');

const tide = 'The tide in the northern basin rises by 4.7 metres in spring.';
const rest = 'Pilots prefer the morning hours because the current is weaker by then.';

test('deleting a planted claim from an input changes what the report says of it', async () => {
  const { deps } = createMerger(50_000, inputsOf);
  const other = research('b', 'Grain leaves the harbour by rail and never by road.');
  const planted = await merge(deps, [research('a', `${rest}\n\n${tide}`), other]);
  const claim = planted.claims.find(({ text }) => text === tide);
  assert.equal(claim?.disposition, 'used');
  assert.equal(planted.result.slice(claim?.spans[0]?.start, claim?.spans[0]?.end), tide);
  const covers = (outcome: typeof planted) =>
    outcome.report
      .find((entry) => entry.task_id === 'a')
      ?.spans.some(({ start, end }) => outcome.result.slice(start, end).includes(tide));
  assert.equal(covers(planted), true);
  const without = await merge(deps, [research('a', rest), other]);
  assert.deepEqual(without.claims, []);
  assert.equal(covers(without), false);
});

test('an answer that had nothing but the claim is rejected once the merger drops it', async () => {
  const { deps } = createMerger(50_000, () => rest);
  const optional = { ...research('a', tide), required: false };
  const { report, claims } = await merge(deps, [optional, research('b', rest)]);
  const entry = report.find(({ task_id }) => task_id === 'a');
  assert.equal(entry?.disposition, 'rejected');
  assert.match(entry?.reason ?? '', /Left out: “The tide/);
  assert.equal(claims[0]?.disposition, 'rejected');
});

test('a required claim that the merger loses is appended', async () => {
  const { deps } = createMerger(50_000, () => rest);
  const { result } = await merge(deps, [research('a', `${rest} ${tide}`), research('b', rest)]);
  assert.ok(result.includes(tide));
});

test('a claim that is lost from a section comes back into it, not under its heading again', async () => {
  const task = research('a', `${rest} ${tide}`);
  const written = `## ${task.title}\n\n${rest}\n\n## Another\n\nThe end.`;
  const { deps } = createMerger(50_000, () => written);
  const { result } = await merge(deps, [task, research('b', rest)]);
  assert.equal(result, `## ${task.title}\n\n${rest}\n\n- ${tide}\n\n## Another\n\nThe end.`);
  const last = createMerger(50_000, () => `The start.\n\n## ${task.title}\n\n${rest}`);
  const ended = await merge(last.deps, [task, research('b', rest)]);
  assert.equal(ended.result, `The start.\n\n## ${task.title}\n\n${rest}\n\n- ${tide}`);
});

test('contradicting inputs stand side by side in the result and in the report', async () => {
  const { deps } = createMerger(50_000, inputsOf);
  const low = tide.replace('4.7', '2.1');
  const { result, report, conflicts } = await merge(deps, [
    research('a', tide),
    research('b', low),
  ]);
  assert.equal(conflicts.length, 1);
  assert.ok(result.includes(`“${tide}” ≠ “${low}”`));
  for (const { reason } of report) assert.match(reason, /contradicts another answer/);
});

const long = (id: string, paragraphs: number) =>
  research(
    id,
    `${Array.from(
      { length: paragraphs },
      (_, index) =>
        `Paragraph of ${id} about the harbour, its ships and its ${'tides '.repeat(index % 7)}weather.`,
    ).join('\n\n')}\n\nThe crane of ${id} lifts ${100 + id.charCodeAt(0)} tonnes.`,
  );

test('inputs of twenty windows are merged as a tree that never overflows one', async () => {
  const context = 6_000;
  const { deps, prompts } = createMerger(context, (prompt) =>
    prompt.includes('"taskIds"') ? 'no JSON here' : inputsOf(prompt),
  );
  const tasks = ['a', 'b', 'c', 'd'].map((id) => long(id, 1_000));
  const { result, claims } = await merge(deps, tasks);
  for (const prompt of prompts)
    assert.ok(Buffer.byteLength(prompt) / 3 + 2_000 <= context, `${prompt.length} characters`);
  assert.ok(prompts.length >= 3);
  assert.equal(claims.length, 4);
  assert.ok(claims.every(({ disposition }) => disposition === 'used'));
  assert.doesNotMatch(result, /left out …/);
});

test('what a readable merger chooses is kept before what merely comes first', async () => {
  const vital = 'Without the eastern gate the whole town stands under water.';
  const { deps, prompts } = createMerger(6_000, (prompt) =>
    prompt.includes('"taskIds"')
      ? JSON.stringify({ claims: [{ text: vital, taskIds: ['a'], quote: vital }] })
      : inputsOf(prompt),
  );
  const [a, b] = [long('a', 300), long('b', 300)];
  const { result } = await merge(deps, [{ ...a, output: `${a.output}\n\n${vital}` }, b]);
  assert.ok(result.includes(vital));
  assert.ok(prompts.some((prompt) => prompt.includes('"taskIds"')));
});

test('an answer that tells its notes or the brief otherwise is named, though nobody reads the notes in the result', async () => {
  const { deps, prompts } = createMerger(32_000, () => '');
  const notes = research(
    'a',
    'The harbour holds 140 boats in summer, and the quay is 300 metres long.',
  );
  const section = {
    ...research('b', `The harbour holds 240 boats in summer. The town counts 58,000 people today.`),
    ...{ kind: 'section', dependsOn: ['a'] },
  };
  const { report, conflicts } = await mergeAnswers(deps, {
    commission: { brief: 'The town counts 48,000 people today.', clarifications: [], criteria: [] },
    tasks: [notes, section],
  });
  assert.equal(prompts.length, 0);
  assert.deepEqual(conflicts.map(({ quotes }) => quotes.map(({ task_id }) => task_id)).toSorted(), [
    ['a', 'b'],
    ['brief', 'b'],
  ]);
  const reason = report.find(({ task_id }) => task_id === 'b')?.reason ?? '';
  assert.match(reason, /contradicts another answer or the brief: .*48,000.*58,000/);
});
