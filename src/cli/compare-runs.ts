import type { CliDeps } from './cli-deps.ts';
import { diffLines } from './diff-lines.ts';
import { drawTable } from './draw-table.ts';
import { exitCodes } from './exit-codes.ts';
import { withGateway } from './manage-runs.ts';
import type { GlobalOptions } from './options.ts';
import { formatCount, formatElapsed, formatUsd, printable } from './printable.ts';
import { type RunDocument, runDocument } from './run-document.ts';
import { createScreen } from './screen.ts';

interface Side {
  status: string;
  /** Of the attempt that answered. */
  model: string | null;
  tokens: number;
  /** `null`: a model without a price was used. */
  cost_usd: number | null;
}

interface Comparison {
  runs: [RunFacts, RunFacts];
  /** Matched by title and kind; `null` where a run has no such task. */
  tasks: { title: string; kind: string; runs: [Side | null, Side | null] }[];
  criteria: { text: string; met: [boolean | null, boolean | null] }[];
  /** A unified diff; empty where the results are the same. */
  result_diff: string;
}

interface RunFacts {
  id: string;
  status: string;
  decision: string | null;
  ms: number | null;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number | null;
}

/** `headrace runs compare A B`: two runs side by side. */
export function compareRuns(
  deps: CliDeps,
  ids: readonly [string, string],
  options: GlobalOptions,
): Promise<number> {
  return withGateway(deps, { ...options, idle: true }, async ({ client }) => {
    const read = (id: string) =>
      client.request({ method: 'GET', path: `/api/v1/runs/${id}`, schema: runDocument });
    const comparison = compareDocuments(await read(ids[0]), await read(ids[1]));
    const screen = createScreen(deps, { json: options.json === true });
    screen.print(options.json ? JSON.stringify(comparison, null, 2) : drawComparison(comparison));
    return exitCodes.passed;
  });
}

export function compareDocuments(one: RunDocument, other: RunDocument): Comparison {
  const tasks = [tasksOf(one), tasksOf(other)] as const;
  const criteria = [criteriaOf(one), criteriaOf(other)] as const;
  return {
    runs: [factsOf(one), factsOf(other)],
    tasks: unionOf(tasks).map((name) => {
      const [kind = '', title = ''] = splitName(name);
      return { title, kind, runs: [tasks[0].get(name) ?? null, tasks[1].get(name) ?? null] };
    }),
    criteria: unionOf(criteria).map((text) => ({
      text,
      met: [criteria[0].get(text) ?? null, criteria[1].get(text) ?? null],
    })),
    result_diff: diffLines(one.result ?? '', other.result ?? ''),
  };
}

function unionOf(maps: readonly ReadonlyMap<string, unknown>[]): string[] {
  return [...new Set(maps.flatMap((map) => [...map.keys()]))];
}

function splitName(name: string): [string, string] {
  const at = name.indexOf(' ');
  return [name.slice(0, at), name.slice(at + 1)];
}

/** By kind and title; a revision stands for the task whose place it took, with what both cost. */
function tasksOf(run: RunDocument): Map<string, Side> {
  const sides = new Map<string, Side>();
  for (const task of run.tasks) {
    const name = `${task.kind} ${task.title}`;
    const before = sides.get(name);
    const answered = task.attempts.findLast((attempt) => attempt.outcome === 'succeeded');
    sides.set(name, {
      status: task.status,
      model: answered?.model ?? before?.model ?? null,
      tokens: (before?.tokens ?? 0) + sum(task.attempts.map(tokensOf)),
      cost_usd: addCosts([
        before ? before.cost_usd : 0,
        ...task.attempts.filter((attempt) => tokensOf(attempt) > 0).map(({ cost_usd }) => cost_usd),
      ]),
    });
  }
  return sides;
}

function tokensOf(attempt: RunDocument['tasks'][number]['attempts'][number]): number {
  return (attempt.input_tokens ?? 0) + (attempt.output_tokens ?? 0);
}

/** Unknown where one of them is. */
function addCosts(costs: readonly (number | null)[]): number | null {
  const known = costs.filter((cost) => cost !== null);
  return known.length < costs.length ? null : sum(known);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function criteriaOf(run: RunDocument): Map<string, boolean> {
  return new Map((run.verdict?.criteria ?? []).map(({ text, met }) => [text, met]));
}

function factsOf(run: RunDocument): RunFacts {
  const { id, status, started_at: from, finished_at: to, usage } = run;
  return {
    ...{ id, status },
    decision: run.verdict?.decision ?? null,
    ms: from && to ? Date.parse(to) - Date.parse(from) : null,
    input_tokens: usage.input_tokens,
    output_tokens: usage.output_tokens,
    cost_usd: usage.cost_usd,
  };
}

function drawComparison({ runs, tasks, criteria, result_diff: diff }: Comparison): string {
  const rows = runs.map((run) => [
    run.id,
    run.status,
    run.decision ?? '',
    run.ms === null ? '' : formatElapsed(run.ms),
    formatCount(run.input_tokens + run.output_tokens),
    formatUsd(run.cost_usd),
  ]);
  const [a, b] = runs.map((run) => run.id) as [string, string];
  return [
    drawTable(['RUN', 'STATUS', 'VERDICT', 'TIME', 'TOKENS', 'COST'], rows),
    drawTable(
      ['TASK', a, b],
      tasks.map((task) => [`${task.title} (${task.kind})`, ...task.runs.map(drawSide)]),
    ),
    drawTable(
      ['CRITERION', a, b],
      criteria.map(({ text, met }) => [text, ...met.map(drawMet)]),
    ),
    diff === '' ? 'The results are the same.' : `--- ${a}\n+++ ${b}\n${printable(diff)}`,
  ].join('\n\n');
}

function drawSide(side: Side | null): string {
  if (side === null) return '-';
  const cost =
    side.tokens === 0 ? [] : [`${formatCount(side.tokens)} tokens`, formatUsd(side.cost_usd)];
  return [side.status, ...(side.model ? [side.model] : []), ...cost].join(', ');
}

function drawMet(met: boolean | null): string {
  if (met === null) return '-';
  return met ? 'met' : 'not met';
}
