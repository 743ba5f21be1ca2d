import { readFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import { z } from 'zod';
import type { CliDeps } from './cli-deps.ts';
import { CliError } from './cli-error.ts';
import { drawPlan } from './draw-plan.ts';
import { editPlan, putPlanFile, readPlan } from './edit-plan.ts';
import { exitCodes } from './exit-codes.ts';
import { followToEnd, type RunChoice, withGateway } from './manage-runs.ts';
import type { GlobalOptions } from './options.ts';
import type { PlanDocument } from './plan-document.ts';
import { createScreen, type Screen } from './screen.ts';
import { writePlanFile } from './write-plan-file.ts';

export interface PlanOptions extends GlobalOptions {
  edit?: boolean;
  from?: string;
}

/** `runs plan ID`: shows the plan as YAML; `--edit` lets a person change it, `--from` reads the changed one. */
export async function managePlan(
  deps: CliDeps,
  runId: string,
  options: PlanOptions,
): Promise<number> {
  const screen = createScreen(deps, { json: options.json === true });
  const written = options.from === undefined ? null : await readWritten(deps, options.from);
  const idle = written === null && options.edit !== true;
  return withGateway(deps, { ...options, idle }, async ({ client }) => {
    if (written !== null) {
      showChanged(screen, options, await putPlanFile({ client, runId }, written));
    } else if (options.edit) {
      showChanged(screen, options, await editOnce(deps, { client, runId, screen }));
    } else {
      const plan = await readPlan(client, runId);
      screen.print(options.json ? JSON.stringify(plan, null, 2) : writePlanFile(plan));
    }
    return exitCodes.passed;
  });
}

async function editOnce(
  deps: CliDeps,
  editing: Omit<Parameters<typeof editPlan>[1], 'signal'>,
): Promise<PlanDocument> {
  const interrupt = new AbortController();
  const stopListening = deps.onInterrupt((signal) => interrupt.abort(signal));
  try {
    return await editPlan(deps, { ...editing, signal: interrupt.signal });
  } finally {
    stopListening();
  }
}

function showChanged(screen: Screen, options: PlanOptions, plan: PlanDocument): void {
  if (options.json) screen.print(JSON.stringify(plan, null, 2));
  else screen.note(`The plan of ${plan.run_id} has version ${plan.version}.\n${drawPlan(plan)}`);
  if (plan.status === 'awaiting_approval') {
    screen.note(`It waits for approval: ./headrace runs approve ${plan.run_id}`);
  }
}

async function readWritten(deps: CliDeps, from: string): Promise<{ text: string; name: string }> {
  if (from === '-') return { text: await readStream(deps.stdin), name: 'standard input' };
  try {
    return { text: await readFile(from, 'utf8'), name: from };
  } catch (cause) {
    throw new CliError('usage', {
      message: `The plan ${from} cannot be read.`,
      fix: 'Name a file that ./headrace runs plan ID has written, or - for standard input.',
      cause,
    });
  }
}

/**
 * `runs approve ID`: the plan that the run waits with is carried out. Where no gateway runs, the one of this
 * command does it, so the run is followed to its end.
 */
export function approveRun(deps: CliDeps, runId: string, options: RunChoice): Promise<number> {
  return withGateway(deps, options, async (connection) => {
    const screen = createScreen(deps, { json: options.json === true });
    const run = await connection.client.request({
      method: 'POST',
      path: `/api/v1/runs/${runId}/plan`,
      schema: z.looseObject({ status: z.string() }),
    });
    if (connection.own) return followToEnd(deps, { connection, runId, screen }, options);
    screen.print(options.json ? JSON.stringify(run, null, 2) : `${runId} is ${run.status}`);
    return exitCodes.passed;
  });
}
