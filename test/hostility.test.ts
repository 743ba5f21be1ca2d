import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEvents } from './read-events.ts';
import { startSimulated } from './start-simulated.ts';

const brief = [
  '# A short guide for new harbour pilots',
  '',
  '1. The tides: when they turn and how to read the table.',
  '2. The channel: its depth, its lights and its two narrow places.',
  '3. The radio: which calls are made where.',
].join('\n');

const kinds = [
  'fenced',
  'thinking',
  'truncated',
  'bad_escapes',
  'unknown_dependency',
  'duplicate_ids',
  'forward_dependency',
  'cyclic_dependency',
  'unknown_model',
  'empty',
  'flood',
] as const;

for (const kind of kinds) {
  test(`a run whose every plan arrives damaged (${kind}) still ends with a result`, {
    timeout: 90_000,
  }, async (t) => {
    const simulated = await startSimulated(t, {
      latencyScale: 0,
      damage: { only: `plan.${kind}` },
    });
    const created = await simulated.call('/api/v1/projects', { body: { brief, clarify: 'off' } });
    const { run_id } = (await created.json()) as { run_id: string };
    const events = parseEvents(
      await (await simulated.call(`/api/v1/runs/${run_id}/events`)).text(),
    );
    const run = (await (await simulated.call(`/api/v1/runs/${run_id}`)).json()) as {
      status: string;
      result: string;
      failure?: object;
    };
    assert.equal(run.status, 'succeeded', JSON.stringify(run.failure));
    assert.ok(run.result.length > 100);
    assert.doesNotMatch(run.result, /<think>|"acceptance"/);
    const repairs = events.filter((event) => event.type === 'plan.line_repaired');
    assert.ok(repairs.length > 0, 'what was repaired is on the record');
  });
}
