import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
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
  clarifications: { index: number; question: string; answer: string; source: string }[];
  answers_due_at: string | null;
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

export const brief = `Write a report for the council on night trains.

- The present state: lines, stations, passengers
- Three options compared: none, one line, two lines
- The cost: investment, operation, tickets
- Risks and what to do about them`;

// Calm: what people do is looked at here, not what models do to them.
export const start = (t: TestContext, latencyScale = 0.02) =>
  startSimulated(t, { kind: true, latencyScale });

export async function ask<T>(simulated: Simulated, path: string, body?: unknown): Promise<T> {
  const response = await simulated.call(path, { body });
  assert.ok(response.ok, `${path}: ${await response.clone().text()}`);
  return (await response.json()) as T;
}

export async function tell(simulated: Simulated, runId: string, verb: string): Promise<Run> {
  const response = await simulated.call(`/api/v1/runs/${runId}/${verb}`, { method: 'POST' });
  assert.ok(response.ok, `${verb}: ${await response.clone().text()}`);
  return (await response.json()) as Run;
}

export async function begin(simulated: Simulated, settings: object = {}): Promise<string> {
  const body = { brief, clarify: 'off', ...settings };
  return (await ask<{ run_id: string }>(simulated, '/api/v1/projects', body)).run_id;
}

export const readRun = (simulated: Simulated, runId: string) =>
  ask<Run>(simulated, `/api/v1/runs/${runId}`);
export const readPlan = (simulated: Simulated, runId: string) =>
  ask<Plan>(simulated, `/api/v1/runs/${runId}/plan`);

export async function finish(simulated: Simulated, runId: string): Promise<Run> {
  await followEvents(simulated, runId);
  return readRun(simulated, runId);
}

export async function readSimulator(simulated: Simulated): Promise<Seen> {
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

export const countAttempts = (run: Run) =>
  run.tasks.reduce((total, task) => total + task.attempts.length, 0);
export const awaits =
  (status: string) => (event: { type: string; data: Record<string, unknown> }) =>
    event.type === 'run.updated' && event.data['status'] === status;

/** `headrace` at a terminal, talking to the gateway of the test. */
export async function type(simulated: Simulated, argv: string[], over: Partial<Typing> = {}) {
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
    readVariable: (name) => over.variables?.[name],
    readSetup: async () => ({
      dataDir: simulated.dataDir,
      configFile: null,
      accounts: [],
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
  variables: Record<string, string>;
}

/** An editor that does one thing after the other with the text it is given, a function body each. */
export async function writeEditor(simulated: Simulated, edits: readonly string[]): Promise<string> {
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
  // A shell reads it, and a checkout may lie in a path with a space.
  return `'${process.execPath}' '${path}'`;
}

/** Nothing of the run is under way any more. */
export function untilQuiet(simulated: Simulated, runId: string): Promise<Run> {
  return eventually(async () => {
    const run = await readRun(simulated, runId);
    assert.ok(!run.tasks.some(({ status }) => ['assigned', 'running'].includes(status)));
    return run;
  });
}
