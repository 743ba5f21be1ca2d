import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunDocument } from '../src/orchestration/index.ts';
import { silentLog } from '../src/platform/log.ts';
import { openStore } from '../src/platform/store/postgres-store.ts';
import type { Store } from '../src/platform/store/store.ts';
import { eventually } from './eventually.ts';
import { parseEvents } from './read-events.ts';
import { type Simulated, startSimulated } from './start-simulated.ts';

interface Case {
  timeout: string;
  ms: number;
  panel?: number;
  budget?: { tokens: number };
}

const cases: readonly Case[] = [
  { timeout: '1s', ms: 1_000 },
  { timeout: '3s', ms: 3_000 },
  { timeout: '6s', ms: 6_000 },
  { timeout: '6s', ms: 6_000, panel: 3 },
  { timeout: '12s', ms: 12_000, budget: { tokens: 60_000 } },
  { timeout: '20s', ms: 20_000 },
];

/**
 * What a machine that has too much to do may be late by. A call that hangs is given up after a minute and
 * more, so a run that waited for one would be later than that.
 */
const slackMs = 10_000;

async function runUnder(simulated: Simulated, brief: string, { timeout, panel, budget }: Case) {
  const accepted = await simulated.call('/api/v1/projects', {
    body: { brief, timeout, panel, budget },
  });
  assert.equal(accepted.status, 202, await accepted.clone().text());
  const { run_id: runId } = (await accepted.json()) as { run_id: string };
  const events = parseEvents(await (await simulated.call(`/api/v1/runs/${runId}/events`)).text());
  const run = (await (await simulated.call(`/api/v1/runs/${runId}`)).json()) as RunDocument;
  return { run, events };
}

async function readTimes(store: Store, runId: string): Promise<{ took: number; open: number }> {
  const [row] = await store.transaction('system', (tx) =>
    tx.query<{ took: number; open: number }>(
      `SELECT (extract(epoch FROM finished_at - created_at) * 1000)::float8 AS took,
         (SELECT count(*)::int FROM attempts WHERE run_id = $1 AND outcome IS NULL) AS open
       FROM runs WHERE id = $1`,
      [runId],
    ),
  );
  assert.ok(row);
  return row;
}

function checkDelivered(run: RunDocument): void {
  const work = run.tasks.filter(({ kind }) => ['section', 'file', 'research'].includes(kind));
  if (work.some(({ status }) => status === 'succeeded')) {
    assert.equal(run.status, 'succeeded', run.failure?.message);
    assert.ok(run.result && run.verdict);
  }
  if (work.some(({ status }) => status === 'cancelled') && run.failure) {
    assert.match(run.failure.message, /time-out|budget/);
    assert.notEqual(run.verdict?.decision, 'pass');
  }
  if (run.status === 'failed') assert.equal(run.failure?.code, 'deadline_passed');
}

test('where calls hang and tokens come slowly, no run passes its time-out, and what was answered is delivered', {
  timeout: 300_000,
}, async (t) => {
  const simulated = await startSimulated(t, {
    latencyScale: 0.5,
    faults: { rates: { hang: 0.2, slow_first_token: 0.2 } },
  });
  const store = await openStore({ url: simulated.databaseUrl, log: silentLog });
  t.after(() => store.close());
  const brief = await readFile(
    join(import.meta.dirname, '..', 'examples', 'harbour-report.md'),
    'utf8',
  );
  await Promise.all(
    cases.map(async (limits) => {
      const { run, events } = await runUnder(simulated, brief, limits);
      const { took } = await readTimes(store, run.id);
      assert.ok(took <= limits.ms + slackMs, `${limits.timeout} took ${Math.round(took)} ms`);
      assert.equal(events.at(-1)?.type, `run.${run.status}`);
      checkDelivered(run);
      // Nobody waits for what hangs: its calls are broken off, and stand on the ledger so.
      await eventually(async () => assert.equal((await readTimes(store, run.id)).open, 0));
    }),
  );
});
