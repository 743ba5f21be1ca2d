import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { findDisorder } from '../../bench/briefs/find-disorder.ts';
import type { SimulatorOptions } from '../../simulator/index.ts';
import { parseEvents, type ReadEvent } from '../read-events.ts';
import { startSimulated } from '../start-simulated.ts';

/** Short, with facts to contradict and parts that read each other. */
export const brief = [
  '# A short guide for new harbour pilots',
  '',
  'The harbour of 48,000 people has 140 berths and two narrow places.',
  '',
  '1. The tides: when they turn and how to read the table.',
  '2. The channel: its depth, its lights and its two narrow places.',
  '3. The radio: which calls are made where.',
].join('\n');

export interface RunRead {
  status: string;
  verdict: { decision: string; criteria: { text: string; met: boolean; evidence: string }[] };
  result: string;
  failure?: object;
  clarifications: { question: string; answer: string }[];
  artifacts: { path: string }[];
  merge_report: { disposition: string; reason: string }[];
  tasks: {
    key: string;
    title: string;
    kind: string;
    status: string;
    attempts: { outcome: string | null; failure: { kind: string | null } | null }[];
    panel?: { baseline: { preferred: string | null } };
  }[];
}

export interface DamagedRun {
  run: RunRead;
  events: ReadEvent[];
  /** What the simulator did to the answers of each group. */
  damage: Record<string, { asked: number; damaged: number; kinds: Record<string, number> }>;
  /** Faults of the wire by name, over all accounts. */
  faults: Record<string, number>;
  /** Titles of the plan's tasks, reworked ones once. */
  titles: string[];
}

/** A whole run in front of a simulator with this trouble; it ends with a judged, orderly result. */
export async function runDamaged(
  t: TestContext,
  options: SimulatorOptions & {
    yaml?: string;
    project?: object;
    unreachable?: readonly string[];
  },
): Promise<DamagedRun> {
  const { project, ...trouble } = options;
  const simulated = await startSimulated(t, { latencyScale: 0, kind: true, ...trouble });
  const body = { brief, clarify: 'off', ...project };
  const created = await simulated.call('/api/v1/projects', { body });
  const { run_id } = (await created.json()) as { run_id: string };
  const stream = await simulated.call(`/api/v1/runs/${run_id}/events`);
  const events = parseEvents(await stream.text());
  const run = (await (await simulated.call(`/api/v1/runs/${run_id}`)).json()) as RunRead;
  const stats = (await (await fetch(`${simulated.simulatorUrl}/_simulator/stats`)).json()) as {
    accounts: { faults: Record<string, number> }[];
    damage: DamagedRun['damage'];
  };
  assertEndedWell(run);
  const work = run.tasks.filter(({ kind }) => ['section', 'file', 'research'].includes(kind));
  return {
    ...{ run, events, damage: stats.damage },
    faults: sum(stats.accounts.map(({ faults }) => faults)),
    titles: [...new Set(work.map(({ title }) => title))],
  };
}

function assertEndedWell(run: RunRead): void {
  assert.equal(run.status, 'succeeded', JSON.stringify(run.failure));
  assert.ok(['pass', 'partial', 'fail'].includes(run.verdict.decision));
  const reading = { brief: { name: 'harbour', text: brief }, result: run.result, files: [] };
  // How much of a brief a result covers is the judge's to say; here it reads well.
  const disorder = findDisorder(reading).filter(
    (found) => !/^nothing about|words are not/.test(found),
  );
  assert.deepEqual(disorder, []);
  for (const task of run.tasks) {
    assert.ok(['succeeded', 'superseded', 'cancelled'].includes(task.status), task.title);
    for (const attempt of task.attempts) assert.ok(attempt.outcome, 'every attempt has an outcome');
  }
}

function sum(tables: readonly Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [name, count] of tables.flatMap(Object.entries<number>)) {
    total[name] = (total[name] ?? 0) + count;
  }
  return total;
}
