import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { createId } from '../../platform/ids.ts';
import { type NewTask, storeTasks } from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { AcceptedFanout, FanoutInput, Principal, Receipt } from '../orchestration.ts';
import { insertProject, insertRun, recordAcceptance } from './create-run.ts';
import { nothingKept } from './keep-for-finishing.ts';
import { titleOf, validateBrief, validateSettings } from './validate-input.ts';

const mostModels = 20;

/** The fan-out interface: a project whose plan is fixed, one panel with a member per model. */
export async function acceptFanout(
  deps: OrchestrationDeps,
  principal: Principal,
  request: { input: FanoutInput; receipt: Receipt },
): Promise<AcceptedFanout> {
  const { input, receipt } = request;
  const prompt = validateBrief(input.prompt);
  const settings = {
    ...validateSettings({ models: input.models, clarify: 'off' }, deps.dispatch),
    temperature: requireTemperature(input.temperature ?? 0.7),
  };
  if (settings.models.length === 0 || settings.models.length > mostModels) {
    throw new HeadraceError('request_invalid', {
      message: `models names ${settings.models.length} models; it names 1 to ${mostModels}.`,
      where: 'models',
    });
  }
  const tasks = planFanout(prompt, settings.models, requireTokens(input.maxTokens ?? 1_000));
  const { tenantId } = principal;
  const accepted = await deps.store.transaction({ tenantId }, async (tx) => {
    const project = { kind: 'fanout' as const, brief: prompt, files: [], settings };
    const projectId = await insertProject(tx, principal, project);
    const run = await insertRun(tx, tenantId, {
      projectId,
      settings,
      simulated: deps.dispatch.simulated(),
      traceId: receipt.traceId,
      planComplete: true,
      rerunOf: null,
      kept: nothingKept,
    });
    const stored = await storeTasks(tx, { runId: run.id, tenantId }, tasks);
    const answer: AcceptedFanout = {
      task_id: run.id,
      status: 'pending',
      simulated: deps.dispatch.simulated(),
      subtasks_count: settings.models.length,
    };
    await receipt.beforeCommit?.(tx, answer);
    const facts = { project_id: projectId, number: run.number, lane: settings.lane };
    await recordAcceptance(tx, { runId: run.id, principal, receipt, facts }, stored.events);
    return answer;
  });
  deps.store.notify('advance', accepted.task_id);
  return accepted;
}

function planFanout(prompt: string, models: readonly string[], maxTokens: number): NewTask[] {
  const panelId = createId('tsk');
  const common = {
    title: titleOf(prompt),
    instruction: prompt,
    acceptance: [],
    rework: [],
    artifactPath: null,
    outputSchema: null,
    maxTokens,
    supersedes: null,
    lane: 'standard' as const,
    criticalPath: maxTokens,
    status: 'pending' as const,
  };
  const members = models.map(
    (model, index): NewTask => ({
      ...common,
      id: createId('tsk'),
      key: `m${index + 1}`,
      kind: 'member',
      dependsOn: [],
      required: false,
      models: [model],
      memberOf: panelId,
    }),
  );
  const panel: NewTask = {
    ...common,
    id: panelId,
    key: 'panel',
    kind: 'panel',
    dependsOn: members.map((member) => ({ id: member.id, uses: 'its answer' })),
    required: true,
    models: [],
    memberOf: null,
  };
  return [...members, panel];
}

function requireTemperature(value: number): number {
  if (value >= 0 && value <= 2) return value;
  throw new HeadraceError('request_invalid', {
    message: `temperature is ${value}; it is a number from 0 to 2.`,
    where: 'temperature',
  });
}

function requireTokens(value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= 1_000_000) return value;
  throw new HeadraceError('request_invalid', {
    message: `max_tokens is ${value}; it is a whole number from 1 to 1000000.`,
    where: 'max_tokens',
  });
}
