import { z } from 'zod';
import { terminalEvents } from '../platform/steps.ts';
import { approvePlan } from './approve-plan.ts';
import { askPerson } from './ask-person.ts';
import type { CliDeps } from './cli-deps.ts';
import { CliError } from './cli-error.ts';
import type { Connection } from './connect.ts';
import { drawLive } from './draw-live.ts';
import { printable } from './printable.ts';
import { type RunDocument, type RunEventDocument, runDocument } from './run-document.ts';
import { applyEvent, createRunView, type RunView } from './run-view.ts';
import type { Screen } from './screen.ts';
import { describeEvent } from './write-plain.ts';

export interface Following {
  connection: Connection;
  /** Called when the gateway is gone: another process ended that had started it. */
  reconnect(): Promise<Connection>;
  runId: string;
  screen: Screen;
  budgetUsd: number | null;
  /** Ends the following, not the run. */
  signal: AbortSignal;
}

const redrawMs = 100;

/** Shows a run until it ends, or waits for a person where none can be asked, and answers its document; throws the signal's reason when interrupted. */
export async function followRun(deps: CliDeps, following: Following): Promise<RunDocument> {
  const view = createRunView();
  const stopDrawing = startDrawing(deps, following, view);
  try {
    let ended = false;
    while (!ended) ended = await followStream(deps, following, view);
    return await following.connection.client.request({
      method: 'GET',
      path: `/api/v1/runs/${following.runId}`,
      schema: runDocument,
    });
  } finally {
    stopDrawing();
  }
}

/** `true` at the terminal event, or where nobody can be asked what the run waits for; `false` where the connection was lost and a new one is there. */
async function followStream(deps: CliDeps, following: Following, view: RunView): Promise<boolean> {
  const { client } = following.connection;
  try {
    for await (const event of client.events(following.runId, view.lastEvent, following.signal)) {
      applyEvent(view, event);
      showEvent(following, view, event);
      if (await answerEvent(deps, following, event)) return true;
      if ((terminalEvents as readonly string[]).includes(event.type)) return true;
    }
  } catch (error) {
    following.signal.throwIfAborted();
    if (!(error instanceof CliError) || error.code !== 'connection_lost') throw error;
  }
  following.signal.throwIfAborted();
  following.connection = await following.reconnect();
  return false;
}

function showEvent(following: Following, view: RunView, event: RunEventDocument): void {
  if (following.screen.interactive) return;
  const line = describeEvent(view, event);
  if (line !== null) following.screen.note(line);
}

function startDrawing(deps: CliDeps, following: Following, view: RunView): () => void {
  if (!following.screen.interactive) return () => {};
  let cancel = () => {};
  const draw = () => {
    following.screen.redraw(
      drawLive({
        view,
        now: deps.clock.now(),
        columns: deps.stderr.columns ?? 80,
        rows: deps.stderr.rows ?? 24,
        budgetUsd: following.budgetUsd,
        colors: following.screen.colors,
      }),
    );
    cancel = deps.clock.setTimer(redrawMs, draw);
  };
  draw();
  return () => {
    cancel();
    following.screen.settle();
  };
}

/** Questions and plans wait for a person where one watches; answers whether a plan waits and nobody does. */
async function answerEvent(
  deps: CliDeps,
  following: Following,
  event: RunEventDocument,
): Promise<boolean> {
  const { client } = following.connection;
  if (event.type === 'questions.asked') {
    await following.screen.hold(() => answerQuestions(deps, following));
  }
  if (event.type === 'run.updated' && event.data['status'] === 'awaiting_approval') {
    return await following.screen.hold(() => approvePlan(deps, { ...following, client }));
  }
  if (event.type === 'brief.clarified' && following.screen.interactive) {
    await showClarifications(following);
  }
  return false;
}

async function readRun({ connection, runId }: Following): Promise<RunDocument> {
  return connection.client.request({
    method: 'GET',
    path: `/api/v1/runs/${runId}`,
    schema: runDocument,
  });
}

async function showClarifications(following: Following): Promise<void> {
  const run = await readRun(following);
  for (const item of run.clarifications) {
    following.screen.note(
      `  ${printable(item.question)}\n    → ${printable(item.answer)}${item.source === 'default' ? ' (default)' : ''}`,
    );
  }
}

async function answerQuestions(deps: CliDeps, following: Following): Promise<void> {
  if (!following.screen.interactive) return;
  const run = await readRun(following);
  if (run.status !== 'awaiting_input') return;
  following.screen.note('Before it plans, the orchestrator asks (Enter takes the default):');
  const answers: { index: number; answer: string }[] = [];
  for (const [index, item] of run.clarifications.entries()) {
    const answer = await askPerson(
      deps,
      `  ${index + 1}. ${printable(item.question)}\n     [${printable(item.answer)}] `,
      following.signal,
    );
    if (answer !== '') answers.push({ index, answer });
  }
  await post(following, 'answers', { answers });
}

async function post(following: Following, verb: string, body?: unknown): Promise<void> {
  await following.connection.client.request({
    method: 'POST',
    path: `/api/v1/runs/${following.runId}/${verb}`,
    ...(body === undefined ? {} : { body }),
    schema: z.unknown(),
  });
}
