import { z } from 'zod';
import type { CliDeps, ServerRequest } from './cli-deps.ts';
import { type Connection, connect, nameNewKey } from './connect.ts';
import { drawReport } from './draw-report.ts';
import { drawTable } from './draw-table.ts';
import { exitCodes } from './exit-codes.ts';
import { finishRun } from './finish-run.ts';
import { type GlobalOptions, serverFlags } from './options.ts';
import {
  countThings,
  fitLine,
  formatCount,
  formatTime,
  formatUsd,
  printable,
} from './printable.ts';
import { runDocument } from './run-document.ts';
import { saveOutput } from './save-output.ts';
import { createScreen, type Screen } from './screen.ts';

const runList = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      project_id: z.string(),
      title: z.string().optional(),
      number: z.number(),
      status: z.string(),
      decision: z.string().nullable(),
      created_at: z.string(),
      usage: z.looseObject({
        input_tokens: z.number(),
        output_tokens: z.number(),
        cost_usd: z.number().nullable(),
      }),
    }),
  ),
});

export interface RunChoice extends GlobalOptions {
  out?: string;
  simulate?: boolean;
  behave?: boolean;
  faults?: string;
  /** The command only looks; see `ServerRequest.idle`. */
  idle?: boolean;
}

/** The gateway that the options ask for, at first and where it is lost. */
export function requestOf(options: RunChoice) {
  return {
    flags: serverFlags(options),
    simulate: simulationFor(options),
    behave: options.behave === true,
    faults: options.faults ?? '',
    idle: options.idle === true,
  };
}

function simulationFor({ simulate, idle }: RunChoice): ServerRequest['simulate'] {
  if (idle) return 'never';
  return simulate ? 'always' : 'auto';
}

/** Runs `work` against a gateway, started here where none runs; `auto` simulates only without accounts. */
export async function withGateway(
  deps: CliDeps,
  options: RunChoice,
  work: (connection: Connection) => Promise<number>,
): Promise<number> {
  const connection = await connect(deps, requestOf(options));
  nameNewKey(deps, connection);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Enough to tell runs apart, and a line stays a line. */
const titleColumns = 48;

export function listRuns(deps: CliDeps, options: GlobalOptions): Promise<number> {
  return withGateway(deps, { ...options, idle: true }, async ({ client }) => {
    const screen = createScreen(deps, { json: options.json === true });
    const { data } = await client.request({ method: 'GET', path: '/api/v1/runs', schema: runList });
    if (options.json) screen.print(JSON.stringify(data, null, 2));
    else {
      screen.print(
        drawTable(
          ['RUN', 'NO', 'STATUS', 'VERDICT', 'TOKENS', 'COST', 'CREATED', 'BRIEF'],
          data.map((run) => [
            run.id,
            String(run.number),
            run.status,
            run.decision ?? '',
            formatCount(run.usage.input_tokens + run.usage.output_tokens),
            formatUsd(run.usage.cost_usd),
            formatTime(run.created_at),
            fitLine(run.title ?? '', titleColumns).trimEnd(),
          ]),
        ),
      );
    }
    return exitCodes.passed;
  });
}

export function showRun(deps: CliDeps, runId: string, options: RunChoice): Promise<number> {
  return withGateway(deps, { ...options, idle: true }, async ({ client }) => {
    const screen = createScreen(deps, { json: options.json === true });
    const run = await client.request({
      method: 'GET',
      path: `/api/v1/runs/${runId}`,
      schema: runDocument,
    });
    if (options.json) screen.print(JSON.stringify(run, null, 2));
    else {
      screen.note(
        `run ${run.id} of project ${run.project_id}: ${run.status}\n\n${drawReport(run, screen.colors)}\n`,
      );
      if (run.result !== null) screen.print(printable(run.result));
    }
    return exitCodes.passed;
  });
}

/** Goes on with a run that was interrupted or paused, and follows it to its end. */
export function resumeRun(deps: CliDeps, runId: string, options: RunChoice): Promise<number> {
  return withGateway(deps, options, async (connection) => {
    const screen = createScreen(deps, { json: options.json === true });
    const run = await connection.client.request({
      method: 'GET',
      path: `/api/v1/runs/${runId}`,
      schema: runDocument,
    });
    if (run.status === 'paused') await command(connection, runId, 'resume');
    return followToEnd(deps, { connection, runId, screen }, options);
  });
}

export function followToEnd(
  deps: CliDeps,
  run: { connection: Connection; runId: string; screen: Screen },
  options: RunChoice,
): Promise<number> {
  return finishRun(deps, {
    ...run,
    reconnect: () => connect(deps, requestOf(options)),
    budgetUsd: null,
    json: options.json === true,
    out: options.out,
  });
}

const commanded = z.looseObject({
  status: z.string().optional(),
  redriven: z.number().optional(),
  run_id: z.string().optional(),
});

/** `pause`, `cancel` and `redrive`: one command to a run, and what became of it in a sentence. */
export function commandRun(
  deps: CliDeps,
  target: { runId: string; verb: 'pause' | 'cancel' | 'redrive' },
  options: GlobalOptions,
): Promise<number> {
  return withGateway(deps, options, async (connection) => {
    const answer = commanded.parse(await command(connection, target.runId, target.verb));
    createScreen(deps, { json: options.json === true }).print(
      options.json ? JSON.stringify(answer, null, 2) : describeCommand(target.runId, answer),
    );
    return exitCodes.passed;
  });
}

function describeCommand(runId: string, answer: z.infer<typeof commanded>): string {
  const { redriven, run_id: where } = answer;
  if (redriven === undefined) return `${runId} is ${answer.status ?? 'told'}`;
  if (redriven === 0) return `${runId} has no dead task.`;
  const tasks = countThings(redriven, 'dead task');
  return where === undefined || where === runId
    ? `${tasks} of ${runId} will be tried again.`
    : `${tasks} of ${runId} will be tried again in ${where}: ./headrace runs resume ${where}`;
}

export function drawRun(deps: CliDeps, runId: string, options: GlobalOptions): Promise<number> {
  return withGateway(deps, { ...options, idle: true }, async ({ client }) => {
    const diagram = await client.download(`/api/v1/runs/${runId}/diagram`);
    createScreen(deps, { json: true }).print(diagram.toString('utf8'));
    return exitCodes.passed;
  });
}

export function saveArtifacts(deps: CliDeps, runId: string, options: RunChoice): Promise<number> {
  return withGateway(deps, { ...options, idle: true }, async ({ client }) => {
    const run = await client.request({
      method: 'GET',
      path: `/api/v1/runs/${runId}`,
      schema: runDocument,
    });
    const saved = await saveOutput(client, run, options.out ?? '.');
    createScreen(deps, { json: true }).print(saved.join('\n'));
    return exitCodes.passed;
  });
}

function command({ client }: Connection, runId: string, verb: string): Promise<unknown> {
  return client.request({
    method: 'POST',
    path: `/api/v1/runs/${runId}/${verb}`,
    schema: z.unknown(),
  });
}
