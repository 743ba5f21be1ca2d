import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunDocument } from '../src/orchestration/index.ts';
import { silentLog } from '../src/platform/log.ts';
import { openStore } from '../src/platform/store/postgres-store.ts';
import type { Store } from '../src/platform/store/store.ts';
import { eventually } from './eventually.ts';
import { parseEvents, type ReadEvent } from './read-events.ts';
import { type Simulated, startSimulated } from './start-simulated.ts';

interface Limits {
  budget?: { tokens?: number; usd?: number };
  timeout?: string;
  panel?: number;
}

const exhausting: readonly Limits[] = [
  ...[4_000, 8_000, 12_000, 25_000, 50_000, 100_000, 200_000].map((tokens) => ({
    budget: { tokens },
  })),
  ...[0.001, 0.01, 0.05, 0.2, 1].map((usd) => ({ budget: { usd } })),
  { budget: { tokens: 60_000, usd: 0.3 }, panel: 3 },
  { timeout: '1s' },
  { timeout: '2s', budget: { tokens: 80_000 } },
];

interface Ledger {
  limit_tokens: number | null;
  limit_nano_usd: number | null;
  spent_tokens: number;
  spent_nano_usd: number;
  reserved_tokens: number;
  reserved_nano_usd: number;
  attempt_tokens: number;
  attempt_nano_usd: number;
  open: number;
}

async function runUnder(simulated: Simulated, brief: string, limits: Limits) {
  const accepted = await simulated.call('/api/v1/projects', { body: { brief, ...limits } });
  assert.equal(accepted.status, 202, await accepted.clone().text());
  const { run_id: runId } = (await accepted.json()) as { run_id: string };
  const stream = await simulated.call(`/api/v1/runs/${runId}/events`);
  const events = parseEvents(await stream.text());
  const run = (await (await simulated.call(`/api/v1/runs/${runId}`)).json()) as RunDocument;
  return { run, events };
}

/** Once every call that was broken off is settled. */
function readLedger(store: Store, runId: string): Promise<Ledger> {
  return eventually(async () => {
    const [row] = await store.transaction('system', (tx) =>
      tx.query<Ledger>(
        `SELECT b.*, a.* FROM budgets b, LATERAL (
           SELECT coalesce(sum(input_tokens + output_tokens), 0)::bigint AS attempt_tokens,
             coalesce(sum(cost_nano_usd), 0)::bigint AS attempt_nano_usd,
             count(*) FILTER (WHERE outcome IS NULL)::int AS open
           FROM attempts WHERE run_id = b.run_id) a
         WHERE b.run_id = $1`,
        [runId],
      ),
    );
    assert.ok(row);
    assert.equal(row.open, 0);
    return row;
  });
}

function checkLedger(ledger: Ledger): void {
  assert.equal(ledger.spent_tokens, ledger.attempt_tokens, 'what was spent is what attempts took');
  assert.equal(ledger.spent_nano_usd, ledger.attempt_nano_usd);
  assert.equal(ledger.reserved_tokens, 0, 'nothing stays reserved');
  assert.equal(ledger.reserved_nano_usd, 0);
  assert.ok(ledger.spent_tokens <= (ledger.limit_tokens ?? Infinity), 'tokens are overshot');
  assert.ok(ledger.spent_nano_usd <= (ledger.limit_nano_usd ?? Infinity), 'money is overshot');
}

/** A run that could not do all of its work says so, and why. */
function checkSaid(run: RunDocument, events: readonly ReadEvent[]): void {
  const planned = run.tasks.filter((task) => ['section', 'file', 'research'].includes(task.kind));
  const undone = planned.filter((task) => ['failed', 'cancelled'].includes(task.status));
  if (run.status === 'failed' || undone.length > 0) {
    assert.ok(
      ['budget_exhausted', 'deadline_passed'].includes(run.failure?.code ?? ''),
      JSON.stringify(run.failure),
    );
    assert.ok((run.failure?.message.length ?? 0) > 20);
  }
  const unplanned = events.find(({ data }) => data['what'] === 'single_task');
  if (unplanned)
    assert.match(
      String(unplanned.data['message']),
      /budget does not cover a plan|plan did not come in time/,
    );
  const clarify = run.tasks.find((task) => task.kind === 'clarify');
  if (clarify?.status === 'succeeded' && clarify.attempts.length === 0)
    assert.match(clarify.output ?? '', /"skipped":"The (next call can|questions did not)/);
  if (run.status === 'succeeded') {
    assert.ok(run.result && run.verdict, 'a run that succeeded was judged');
    for (const task of undone) {
      const entry = run.merge_report.find((each) => each.task_id === task.id);
      assert.equal(entry?.disposition, 'rejected', `${task.title} is not in the report`);
    }
    if (undone.length > 0) assert.notEqual(run.verdict.decision, 'pass');
  }
  assert.equal(events.at(-1)?.type, `run.${run.status}`);
  checkDelivered(run);
}

/** What was paid and answered is delivered. */
function checkDelivered(run: RunDocument): void {
  const answered = run.tasks.some(
    ({ kind, status }) => ['section', 'file', 'research'].includes(kind) && status === 'succeeded',
  );
  if (answered) assert.ok(run.result, `${run.failure?.message}`);
}

test('whatever its limits, a run ends, never overshoots its budget and says what was cut', {
  timeout: 300_000,
}, async (t: TestContext) => {
  const simulated = await startSimulated(t, { latencyScale: 0.2 });
  const store = await openStore({ url: simulated.databaseUrl, log: silentLog });
  t.after(() => store.close());
  const brief = await readFile(
    join(import.meta.dirname, '..', 'examples', 'harbour-report.md'),
    'utf8',
  );
  const ends = new Map<string, string>();
  await Promise.all(
    exhausting.map(async (limits) => {
      const { run, events } = await runUnder(simulated, brief, limits);
      const named = JSON.stringify(limits);
      const ledger = await readLedger(store, run.id);
      try {
        checkLedger(ledger);
        checkSaid(run, events);
      } catch (error) {
        throw new Error(`Under ${named}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
      ends.set(named, `${run.status} ${run.failure?.code ?? ''}`);
      // What is accepted is enough for an answer.
      if (limits.timeout === undefined)
        assert.equal(run.status, 'succeeded', `${named}: ${run.failure?.message}`);
    }),
  );
  const told = JSON.stringify([...ends]);
  const known = ['budget_exhausted', 'deadline_passed', ''].flatMap((code) => [
    `succeeded ${code}`,
    `failed ${code}`,
  ]);
  // How far a run comes in a second or two is the machine's affair.
  const untimed = [...ends].filter(([named]) => !named.includes('timeout')).map(([, end]) => end);
  assert.deepEqual(
    [...new Set(untimed)].sort(),
    ['succeeded ', 'succeeded budget_exhausted'],
    told,
  );
  for (const end of ends.values()) assert.ok(known.includes(end) && end !== 'failed ', told);
});

test('a budget that pays for no answer is refused with the least that does, and that least delivers one', {
  timeout: 120_000,
}, async (t: TestContext) => {
  const simulated = await startSimulated(t, { latencyScale: 0.2 });
  const file = join(import.meta.dirname, '..', 'examples', 'harbour-report.md');
  const brief = await readFile(file, 'utf8');
  const refuse = async (budget: Limits['budget']) => {
    const refused = await simulated.call('/api/v1/projects', { body: { brief, budget } });
    assert.equal(refused.status, 422);
    const problem = (await refused.json()) as { code: string; detail: string };
    assert.equal(problem.code, 'budget_too_small');
    return problem.detail;
  };
  const inTokens = await refuse({ tokens: 100 });
  assert.match(inTokens, /^A budget of 100 tokens does not pay .* at least \d+ tokens\.$/);
  const inMoney = await refuse({ usd: 0.0001 });
  assert.match(inMoney, /at least 0\.\d+ USD \(at \S+\/\S+, the cheapest of its models\)\.$/);
  const tokens = Number(/at least (\d+) tokens/.exec(inTokens)?.[1]);
  const usd = Number(/at least (0\.\d+) USD/.exec(inMoney)?.[1]);
  await refuse({ tokens: tokens - 1 });
  for (const budget of [{ tokens }, { usd }, { tokens, usd }]) {
    const { run } = await runUnder(simulated, brief, { budget });
    assert.equal(run.status, 'succeeded', `${JSON.stringify(budget)}: ${run.failure?.message}`);
    assert.ok(run.result);
  }
});

test('the dollar that a run may spend where nobody said more lets a judge read all of it', {
  timeout: 120_000,
}, async (t: TestContext) => {
  const simulated = await startSimulated(t, { latencyScale: 0.2, kind: true });
  const file = join(import.meta.dirname, '..', 'examples', 'harbour-report.md');
  const limits = { budget: { usd: 1 } };
  const { run, events } = await runUnder(simulated, await readFile(file, 'utf8'), limits);
  // A judge that sees nothing but "left out" finds nothing met, and sends all of it back.
  assert.equal(run.verdict?.decision, 'pass');
  assert.equal(events.filter(({ type }) => type === 'rework.ordered').length, 0);
});

test('calls that a cancelled run broke off are settled, and nothing of its budget stays reserved', {
  timeout: 120_000,
}, async (t: TestContext) => {
  const simulated = await startSimulated(t, { latencyScale: 1 });
  const store = await openStore({ url: simulated.databaseUrl, log: silentLog });
  t.after(() => store.close());
  const body = { brief: 'Describe a mill, its wheel and its river.', budget: { tokens: 400_000 } };
  const accepted = await simulated.call('/api/v1/projects', { body });
  const { run_id: runId } = (await accepted.json()) as { run_id: string };
  await eventually(async () => {
    const [row] = await store.transaction('system', (tx) =>
      tx.query<{ open: number }>(
        'SELECT count(*)::int AS open FROM attempts WHERE run_id = $1 AND outcome IS NULL',
        [runId],
      ),
    );
    assert.ok(row && row.open > 0, 'no call is under way');
  });
  const cancelled = await simulated.call(`/api/v1/runs/${runId}/cancel`, { body: {} });
  assert.equal(cancelled.status, 200, await cancelled.clone().text());
  checkLedger(await readLedger(store, runId));
});
