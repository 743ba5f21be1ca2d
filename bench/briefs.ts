import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ApiClient, RunDocument, RunEvent } from './api-client.ts';
import { findDisorder } from './briefs/find-disorder.ts';
import { measureGraph } from './briefs/measure-graph.ts';
import { type Brief, readBriefs } from './briefs/read-briefs.ts';
import type { Reading } from './briefs/reading.ts';
import { drawTable } from './draw-table.ts';
import { withTemporaryFolder } from './headrace-process.ts';
import { openSimulated } from './open-headrace.ts';
import { report } from './report.ts';
import { troubleFigures } from './trouble-figures.ts';

const atOnce = 8;
const patienceMs = 180_000;

interface Outcome {
  brief: Brief;
  run: RunDocument | null;
  events: RunEvent[];
  seconds: number;
  /** What went wrong, in words; empty: nothing. */
  troubles: string[];
  disorder: string[];
}

/** `npm run bench:briefs FOLDER`: every brief runs to a verdict, eight at a time, and reads well. */
async function measureBriefs(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { keep: { type: 'string' }, seed: { type: 'string', default: 'headrace' } },
  });
  const [folder] = positionals;
  if (!folder) throw new Error('Say which folder of briefs: npm run bench:briefs -- FOLDER');
  const briefs = await readBriefs(folder);
  if (briefs.length === 0) throw new Error(`There is no brief in ${folder}.`);
  await withTemporaryFolder(async (data) => {
    const headrace = await openSimulated(data, {
      seed: values.seed,
      latencyScale: 0.1,
    });
    try {
      const outcomes = await runAll(headrace.api, briefs);
      show(outcomes);
      if (values.keep) await keepResults(headrace.api, values.keep, outcomes);
    } finally {
      await headrace.close();
    }
  });
}

async function runAll(api: ApiClient, briefs: readonly Brief[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...briefs.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, brief] = next;
      outcomes[index] = await runBrief(api, brief);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcomes;
}

async function runBrief(api: ApiClient, brief: Brief): Promise<Outcome> {
  const began = performance.now();
  const outcome: Outcome = { brief, run: null, events: [], seconds: 0, troubles: [], disorder: [] };
  try {
    const runId = await api.startRun({ brief: brief.text });
    const signal = AbortSignal.timeout(patienceMs);
    for await (const event of api.followEvents(runId, { signal })) outcome.events.push(event);
    outcome.run = await api.readRun(runId);
    outcome.troubles.push(...findTroubles(outcome.run));
    outcome.disorder.push(...findDisorder(await readAsPerson(api, brief, outcome.run)));
  } catch (error) {
    outcome.troubles.push(error instanceof Error ? error.message : String(error));
  }
  outcome.seconds = (performance.now() - began) / 1000;
  return outcome;
}

function findTroubles(run: RunDocument): string[] {
  if (run.status !== 'succeeded') {
    return [`${run.status}: ${run.failure?.message ?? 'without a reason'}`];
  }
  return [
    ...(run.verdict ? [] : ['no verdict']),
    ...((run.result ?? '').trim() === '' ? ['an empty result'] : []),
  ];
}

async function readAsPerson(api: ApiClient, brief: Brief, run: RunDocument): Promise<Reading> {
  const files = run.artifacts.map(async ({ path }) => ({
    path,
    text: await api.readArtifact(run.id, path),
  }));
  const criteria = run.verdict?.criteria.map(({ text }) => text) ?? [];
  return { brief, result: run.result ?? '', files: await Promise.all(files), criteria };
}

async function keepResults(api: ApiClient, folder: string, outcomes: readonly Outcome[]) {
  await mkdir(folder, { recursive: true });
  for (const { brief, run } of outcomes) {
    if (!run) continue;
    const { result, files } = await readAsPerson(api, brief, run);
    const shown = files.map(({ path, text }) => `\n\n===== ${path}\n${text}`).join('');
    const verdict = JSON.stringify(run.verdict, null, 1);
    const text = `${brief.text}\n\n=====\n\n${result}${shown}\n\n===== verdict\n${verdict}\n`;
    await writeFile(join(folder, `${fileNameOf(brief)}.md`), text);
  }
}

/** A name out of a `.jsonl` file may be anything. */
function fileNameOf({ name }: Brief): string {
  return name.replace(/[^\p{L}\p{N}_. -]/gu, '_').slice(0, 80);
}

const workKinds = new Set(['section', 'file', 'research']);

function rowOf({ brief, run, events, seconds, troubles, disorder }: Outcome) {
  const count = (type: string) => events.filter((event) => event.type === type).length;
  const work = (run?.tasks ?? []).filter(({ kind }) => workKinds.has(kind));
  const { depth, width } = measureGraph(work);
  return {
    brief: brief.name,
    tasks: work.length,
    depth,
    width,
    attempts: (run?.tasks ?? []).reduce((sum, { attempts }) => sum + attempts.length, 0),
    repairs: count('plan.line_repaired'),
    rework: count('task.superseded'),
    tokens: (run?.usage.input_tokens ?? 0) + (run?.usage.output_tokens ?? 0),
    seconds: Number(seconds.toFixed(1)),
    verdict: run?.verdict?.decision ?? run?.status ?? 'none',
    trouble: troubles.length + disorder.length,
  };
}

function show(outcomes: readonly Outcome[]): void {
  const rows = outcomes.map(rowOf);
  const ended = outcomes.filter(({ troubles }) => troubles.length === 0).length;
  const orderly = outcomes.filter(({ disorder }) => disorder.length === 0).length;
  const figures = [
    all('briefs that ran to a verdict and a result', ended, outcomes.length),
    all('results that are orderly to read', orderly, outcomes.length),
    ...troubleFigures(outcomes.flatMap(({ events }) => events)),
  ];
  const found = outcomes.flatMap(({ brief, troubles, disorder }) =>
    [...troubles, ...disorder].map((trouble) => `- ${brief.name}: ${trouble}`),
  );
  report('briefs', figures, [
    ...drawTable(rows),
    '',
    `${outcomes.length} briefs, ${atOnce} at a time, on the simulated providers in their usual hostility, a tenth of their latency; \`npm run bench:briefs -- FOLDER\`.`,
    'A simulated model measures orchestration, never the quality of answers.',
    ...(found.length > 0 ? ['', ...found] : []),
  ]);
  if (figures.some(({ met }) => !met)) process.exitCode = 1;
}

function all(name: string, measured: number, of: number) {
  return { name, goal: `${of}`, measured: `${measured}`, met: measured === of };
}

await measureBriefs();
