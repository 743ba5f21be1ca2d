import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { steps } from '../src/platform/steps.ts';
import { countTroubles } from './count-troubles.ts';
import { parseEvents, type ReadEvent } from './read-events.ts';
import { type Simulated, startSimulated } from './start-simulated.ts';

const examples = join(import.meta.dirname, '..', 'examples');

/** Of all the runs of briefs below, which meet the default hostility. */
const seen: ReadEvent[] = [];

async function startProject(
  simulated: Simulated,
  body: object,
): Promise<{ id: string; run_id: string }> {
  const response = await simulated.call('/api/v1/projects', { body });
  assert.equal(response.status, 202, await response.clone().text());
  return response.json() as Promise<{ id: string; run_id: string }>;
}

// biome-ignore lint/suspicious/noExplicitAny: the documents are asserted on field by field below
async function readJson(simulated: Simulated, path: string): Promise<any> {
  const response = await simulated.call(path);
  assert.equal(response.status, 200, `${path}: ${await response.clone().text()}`);
  return response.json();
}

async function followToEnd(simulated: Simulated, runId: string, after = 0) {
  const response = await simulated.call(`/api/v1/runs/${runId}/events`, {
    headers: { 'last-event-id': String(after) },
  });
  const events = parseEvents(await response.text());
  seen.push(...events);
  return events;
}

test('a brief goes through all twenty-two steps to a judged result', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await startSimulated(t);
  const brief = await readFile(join(examples, 'harbour-report.md'), 'utf8');
  const project = await startProject(simulated, { brief });
  const events = await followToEnd(simulated, project.run_id);
  const run = await readJson(simulated, `/api/v1/runs/${project.run_id}`);

  await t.test('it ends well, with every task on the ledger', () => {
    assert.equal(run.status, 'succeeded', JSON.stringify(run.failure));
    assert.equal(run.simulated, true);
    assert.ok(['pass', 'partial'].includes(run.verdict.decision));
    const worked = run.tasks.filter((task: { kind: string }) =>
      ['section', 'file', 'research'].includes(task.kind),
    );
    assert.ok(worked.length >= 9, `${worked.length} tasks`);
    for (const task of run.tasks) {
      assert.ok(
        ['succeeded', 'superseded', 'cancelled'].includes(task.status),
        `${task.title}: ${task.status}`,
      );
      for (const attempt of task.attempts)
        assert.ok(attempt.outcome, 'every attempt has an outcome');
    }
    const attempts = run.tasks.flatMap((task: { attempts: object[] }) => task.attempts);
    const sum = (field: string) =>
      attempts.reduce(
        (total: number, attempt: Record<string, number>) => total + (attempt[field] ?? 0),
        0,
      );
    assert.equal(run.usage.input_tokens, sum('input_tokens'));
    assert.equal(run.usage.output_tokens, sum('output_tokens'));
  });

  await t.test('it used several providers and accounts at the same time', () => {
    const attempts = run.tasks.flatMap((task: { attempts: object[] }) => task.attempts);
    const providers = new Set(attempts.map(({ model }: { model: string }) => model.split('/')[0]));
    assert.ok(providers.size >= 3, [...providers].join());
    const sent = events.filter((event) => event.type === 'call.sent').map((event) => event.id);
    const ended = events.filter((event) => event.type === 'attempt.ended').map((event) => event.id);
    const open = sent.map((id, index) => index + 1 - ended.filter((other) => other < id).length);
    assert.ok(Math.max(...open) >= 3, 'at least three calls were open at once');
  });

  await t.test('each of the twenty-two steps left its event', async () => {
    await simulated.call(`/api/v1/runs/${project.run_id}/result`);
    const seen = new Set(
      [...events, ...(await followToEnd(simulated, project.run_id, 0))].map((event) => event.type),
    );
    const diagram = await (await simulated.call(`/api/v1/runs/${project.run_id}/diagram`)).text();
    for (const [type, step] of Object.entries(steps)) {
      if (type !== 'result.delivered') assert.ok(seen.has(type), `step ${step}: ${type}`);
      assert.ok(
        diagram.includes(
          String.fromCodePoint(0x2460 + step - 1 + (step > 20 ? 0x3251 - 0x2474 : 0)),
        ),
        `step ${step} in the diagram`,
      );
    }
    assert.match(diagram, /^sequenceDiagram/);
  });

  await t.test('a client that resumes sees exactly what it missed', async () => {
    const half = events[Math.floor(events.length / 2)]!.id;
    const rest = await followToEnd(simulated, project.run_id, half);
    assert.deepEqual(
      rest.filter((event) => event.type !== 'result.delivered').map((event) => event.id),
      events.filter((event) => event.id > half).map((event) => event.id),
    );
    assert.deepEqual(
      events.map((event) => event.id),
      events.map((_, index) => index + 1),
      'numbers have no gaps',
    );
  });

  await t.test(
    'the result is orderly: sections in the order of the plan, no leftovers, files as artifacts',
    () => {
      assert.doesNotMatch(run.result, /<think>|You are Headrace|<format>/);
      const headings = [...run.result.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
      assert.equal(new Set(headings).size, headings.length, 'no heading twice');
      assert.ok(run.artifacts.some((file: { path: string }) => file.path === 'tables/options.csv'));
      for (const entry of run.merge_report) {
        for (const span of entry.spans)
          assert.ok(span.start < span.end && span.end <= run.result.length);
      }
    },
  );

  await t.test('no account was asked for more than its limit', async () => {
    const stats = (await (
      await fetch(`${simulated.simulatorUrl}/_simulator/stats`)
    ).json()) as object;
    assert.doesNotMatch(JSON.stringify(stats), /"rate_limited":\s*[1-9]/);
  });
});

test('the other examples reach a verdict, in Vietnamese and with a dozen files', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await startSimulated(t, { latencyScale: 0.02 });
  for (const name of ['ke-hoach-ra-mat.md', 'log-alerts-service.md']) {
    const project = await startProject(simulated, {
      brief: await readFile(join(examples, name), 'utf8'),
    });
    await followToEnd(simulated, project.run_id);
    const run = await readJson(simulated, `/api/v1/runs/${project.run_id}`);
    assert.equal(run.status, 'succeeded', `${name}: ${JSON.stringify(run.failure)}`);
    assert.ok(run.result.length > 2_000, name);
  }
});

test('a run survives the end of its process and is finished by the next one', {
  timeout: 120_000,
}, async (t) => {
  const simulated = await startSimulated(t, { latencyScale: 0.2 });
  const brief = await readFile(join(examples, 'harbour-report.md'), 'utf8');
  const project = await startProject(simulated, { brief });
  const reader = (await simulated.call(`/api/v1/runs/${project.run_id}/events`)).body!.getReader();
  let text = '';
  while (!text.includes('answer.collected')) {
    const { value, done } = await reader.read();
    assert.ok(!done);
    text += Buffer.from(value).toString();
  }
  await reader.cancel();
  await simulated.headrace.close();
  const again = await simulated.restart();
  await followToEnd(again, project.run_id);
  const run = await readJson(again, `/api/v1/runs/${project.run_id}`);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.failure));
});

test('one prompt to several models gives their answers side by side and what they agree on', {
  timeout: 60_000,
}, async (t) => {
  const simulated = await startSimulated(t);
  const created = await simulated.call('/tasks', {
    body: {
      prompt: 'What is 6 times 7?',
      models: ['gpt-4', 'claude-3', 'gemini-pro', 'deepseek-r1', 'qwen-2.5'],
    },
  });
  const accepted = (await created.json()) as { task_id: string; subtasks_count: number };
  assert.ok(created.ok, JSON.stringify(accepted));
  assert.equal(accepted.subtasks_count, 5);
  // The fan-out interface is polled by its users too; each read waits for the run's next change.
  let task = await readJson(simulated, `/tasks/${accepted.task_id}`);
  while (task.status === 'pending' || task.status === 'processing') {
    await new Promise((resolve) => setImmediate(resolve));
    task = await readJson(simulated, `/tasks/${accepted.task_id}`);
  }
  assert.equal(task.status, 'completed', JSON.stringify(task));
  assert.equal(task.results.length, 5);
  for (const result of task.results) assert.ok(result.content.length > 0 && result.usage);
  assert.ok(task.summary.confidence_score > 0 && task.summary.confidence_score <= 1);
});

test('any model answers through the chat endpoint, streamed and not', {
  timeout: 60_000,
}, async (t) => {
  const simulated = await startSimulated(t);
  const messages = [{ role: 'user', content: 'Reply with the word channel.' }];
  for (const model of ['gpt-4', 'claude-3', 'gemini-pro', 'deepseek-r1', 'qwen-2.5']) {
    const response = await simulated.call('/v1/chat/completions', {
      body: { model, messages, max_tokens: 800 },
    });
    const answer = (await response.json()) as {
      choices: { message: { content: string } }[];
      usage: { total_tokens: number };
    };
    assert.equal(response.status, 200, JSON.stringify(answer));
    assert.match(answer.choices[0]!.message.content, /channel/i, model);
    assert.ok(answer.usage.total_tokens > 0);
    const stream = await simulated.call('/v1/chat/completions', {
      body: { model, messages, max_tokens: 800, stream: true },
    });
    const text = await stream.text();
    assert.match(text, /data: \[DONE\]\n\n$/, model);
    const joined = [...text.matchAll(/^data: (\{.*)$/gm)]
      .map(([, json]) => JSON.parse(json ?? '{}').choices[0]?.delta?.content ?? '')
      .join('');
    assert.equal(
      joined,
      answer.choices[0]!.message.content,
      `${model}: the stream says what the answer says`,
    );
  }
});

test('over the journeys plans were repaired, questions asked, tasks reworked and results failed', () => {
  for (const [trouble, count] of Object.entries(countTroubles(seen))) {
    assert.ok(count > 0, `${trouble}: where nothing goes wrong, nothing was tried`);
  }
});
