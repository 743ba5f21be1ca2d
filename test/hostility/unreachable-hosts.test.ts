import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { parseEvents } from '../read-events.ts';
import { startSimulated } from '../start-simulated.ts';
import { brief, type RunRead } from './run-damaged.ts';

const vendors = ['openai', 'anthropic', 'gemini', 'deepseek', 'qwen'];

/** A run in a network in which only these vendors are reached. */
async function runReaching(t: TestContext, reached: readonly string[], project: object = {}) {
  const unreachable = vendors.filter((vendor) => !reached.includes(vendor));
  const simulated = await startSimulated(t, { latencyScale: 0, kind: true, unreachable });
  const body = { brief, clarify: 'off', ...project };
  const created = await simulated.call('/api/v1/projects', { body });
  const { run_id } = (await created.json()) as { run_id: string };
  parseEvents(await (await simulated.call(`/api/v1/runs/${run_id}/events`)).text());
  const run = (await (await simulated.call(`/api/v1/runs/${run_id}`)).json()) as RunRead;
  const attempts = run.tasks.flatMap((task) => task.attempts);
  return { run, missed: attempts.filter(({ outcome }) => outcome === 'failed').length, attempts };
}

/** Accounts of the simulator at each vendor: each host is missed once, or twice by calls that began together. */
const accountsOfVendor = 3;
const atOnce = 4;

describe('hosts that nobody reaches cost a few calls, and a vendor that answers does the work', {
  concurrency: 2,
}, () => {
  for (const vendor of vendors) {
    it(`${vendor} alone is reached`, { timeout: 90_000 }, async (t) => {
      const { run, missed } = await runReaching(t, [vendor]);
      assert.equal(run.status, 'succeeded', JSON.stringify(run.failure));
      assert.equal(run.verdict.decision, 'pass');
      const most = (vendors.length - 1) * accountsOfVendor * atOnce;
      assert.ok(missed > 0 && missed <= most, `${missed} calls missed their host`);
    });
  }

  it('nobody is reached: the run ends after a few calls and says where to look', {
    timeout: 90_000,
  }, async (t) => {
    const { run, attempts } = await runReaching(t, []);
    assert.equal(run.status, 'failed');
    assert.match(JSON.stringify(run.failure), /upstream_unreachable.*ECONNREFUSED/);
    assert.ok(attempts.length <= vendors.length * accountsOfVendor, `${attempts.length} calls`);
  });

  it('models that a person named are asked, and no others', { timeout: 90_000 }, async (t) => {
    const models = ['qwen/qwen3.8-max'];
    const { run, attempts } = await runReaching(t, ['deepseek'], {
      models,
      orchestrator: 'deepseek-r1',
    });
    assert.equal(run.status, 'failed');
    assert.match(JSON.stringify(run.failure), /upstream_unreachable/);
    assert.ok(attempts.length > 0);
  });
});
