import { randomUUID } from 'node:crypto';
import type { CliDeps } from './cli-deps.ts';
import { CliError } from './cli-error.ts';
import { connect } from './connect.ts';
import { finishRun } from './finish-run.ts';
import { type RunChoice, requestOf, withGateway } from './manage-runs.ts';
import { acceptedProject, runDocument } from './run-document.ts';
import { createScreen } from './screen.ts';

export interface RerunOptions extends RunChoice {
  from?: string;
  set?: string[];
  budgetUsd?: number;
  budgetTokens?: number;
  timeout?: number;
}

interface TaskChange {
  model?: string;
  instruction?: string;
  max_tokens?: number;
}

const fields = ['model', 'instruction', 'max_tokens'] as const;

/** `runs rerun ID`: a new run of the same project, wholly or from a task on, followed to its end. */
export async function rerun(deps: CliDeps, runId: string, options: RerunOptions): Promise<number> {
  const overrides = readOverrides(options);
  return withGateway(deps, options, async (connection) => {
    const { client } = connection;
    const screen = createScreen(deps, { json: options.json === true });
    const source = await client.request({
      method: 'GET',
      path: `/api/v1/runs/${runId}`,
      schema: runDocument,
    });
    const accepted = await client.request({
      method: 'POST',
      path: `/api/v1/projects/${source.project_id}/runs`,
      idempotencyKey: randomUUID(),
      body: {
        from_run: runId,
        ...(options.from === undefined ? {} : { from_task: options.from }),
        ...(Object.keys(overrides).length > 0 ? { overrides } : {}),
      },
      schema: acceptedProject,
    });
    screen.note(`run ${accepted.run_id}, again from ${runId}`);
    return finishRun(deps, {
      connection,
      reconnect: () => connect(deps, requestOf(options)),
      runId: accepted.run_id,
      screen,
      budgetUsd: options.budgetUsd ?? null,
      json: options.json === true,
      out: options.out,
    });
  });
}

function readOverrides(options: RerunOptions) {
  const tasks = readChanges(options.set ?? []);
  const budget = {
    ...(options.budgetUsd === undefined ? {} : { usd: options.budgetUsd }),
    ...(options.budgetTokens === undefined ? {} : { tokens: options.budgetTokens }),
  };
  return {
    ...(Object.keys(tasks).length > 0 ? { tasks } : {}),
    ...(Object.keys(budget).length > 0 ? { budget } : {}),
    ...(options.timeout === undefined ? {} : { timeout: `${Math.ceil(options.timeout / 1000)}s` }),
  };
}

/** `t3.model=openai/gpt-6-astra` → `{t3: {model: …}}`; a task of several changes has them together. */
export function readChanges(changes: readonly string[]): Record<string, TaskChange> {
  const tasks = new Map<string, TaskChange>();
  for (const change of changes) {
    const [, task = '', field = '', value = ''] =
      /^([^=]+)\.([^.=]+)=([\s\S]*)$/.exec(change) ?? [];
    tasks.set(task, { ...tasks.get(task), ...readChange(change, field, value) });
  }
  return Object.fromEntries(tasks);
}

function readChange(change: string, field: string, value: string): TaskChange {
  if (!(fields as readonly string[]).includes(field) || value.trim() === '') {
    refuse(change, `--set takes TASK.FIELD=VALUE, where FIELD is ${fields.join(', ')}.`);
  }
  if (field !== 'max_tokens') return { [field]: value };
  if (!/^[1-9]\d{0,8}$/.test(value)) refuse(change, 'max_tokens is a whole number above 0.');
  return { max_tokens: Number(value) };
}

function refuse(change: string, fix: string): never {
  throw new CliError('usage', { message: `"${change}" changes nothing that is known.`, fix });
}
