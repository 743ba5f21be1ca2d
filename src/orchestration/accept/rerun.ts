import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { NewEvent, Tx } from '../../platform/store/store.ts';
import { leastAnswer, promptBytes } from '../budget/least-answer.ts';
import { refuseTooSmall } from '../budget/refuse-too-small.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { RunSettings } from '../documents.ts';
import type { Accepted, Principal, Receipt, RerunInput, RunOverrides } from '../orchestration.ts';
import { usableModels } from '../plan/plan-rules.ts';
import { storable } from '../storable.ts';
import { copyPlan } from './copy-plan.ts';
import { insertRun, recordAcceptance } from './create-run.ts';
import { keepForFinishing, nothingKept } from './keep-for-finishing.ts';
import { validateSettings } from './validate-input.ts';

interface SourceRow {
  id: string;
  kind: 'brief' | 'fanout';
  settings: RunSettings;
  /** Its planner is still writing. */
  unplanned: boolean;
  brief_bytes: number;
  files: { name: string; media_type: string; bytes: number }[];
}

/** A further run of a project: all of it anew, or from a task on with the rest copied. */
export async function rerun(
  deps: OrchestrationDeps,
  principal: Principal,
  request: { input: RerunInput; receipt: Receipt },
): Promise<Accepted> {
  const { input, receipt } = request;
  const fromTasks = input.fromTask === undefined ? [] : [input.fromTask];
  return await rerunFrom(deps, principal, { ...input, fromTasks, receipt });
}

/** The same from several tasks. */
export async function rerunFrom(
  deps: OrchestrationDeps,
  principal: Principal,
  request: Omit<RerunInput, 'fromTask'> & { fromTasks: readonly string[]; receipt: Receipt },
): Promise<Accepted> {
  const { projectId, receipt, fromTasks } = request;
  const { tenantId } = principal;
  const overrides = request.overrides ?? {};
  const accepted = await deps.store.transaction({ tenantId }, async (tx): Promise<Accepted> => {
    const source = await readSource(tx, projectId, request.fromRun);
    const settings = mergeSettings(deps, source.settings, overrides.settings);
    const least = leastAnswer(bytesOf(source), usableModels(deps, settings));
    const copies =
      source.kind === 'fanout' ||
      fromTasks.length > 0 ||
      Object.keys(overrides.tasks ?? {}).length > 0;
    if (!copies) refuseTooSmall(settings.budget, least);
    const run = await insertRun(tx, tenantId, {
      projectId,
      settings,
      simulated: deps.dispatch.simulated(),
      traceId: receipt.traceId,
      planComplete: copies,
      rerunOf: source.id,
      kept:
        source.kind === 'fanout'
          ? nothingKept
          : keepForFinishing(settings, deps.dispatch, copies ? undefined : least),
    });
    const stored = copies ? await copyFrom(tx, { deps, source, request, runId: run.id }) : [];
    const answer: Accepted = {
      id: projectId,
      run_id: run.id,
      number: run.number,
      status: 'queued',
    };
    await receipt.beforeCommit?.(tx, answer);
    const facts = {
      project_id: projectId,
      number: run.number,
      lane: settings.lane,
      rerun_of: source.id,
      from_tasks: [...fromTasks],
    };
    await recordAcceptance(tx, { runId: run.id, principal, receipt, facts }, stored);
    return answer;
  });
  deps.store.notify('advance', accepted.run_id);
  return accepted;
}

function bytesOf({ brief_bytes: briefBytes, files }: SourceRow): number {
  const shown = files.map(({ name, media_type: type, bytes }) => ({
    name,
    bytes: type.startsWith('text/') ? bytes : 0,
  }));
  return promptBytes({ briefBytes, files: shown, clarifications: [] });
}

async function copyFrom(
  tx: Tx,
  order: {
    deps: OrchestrationDeps;
    source: SourceRow;
    request: { fromTasks: readonly string[]; overrides?: RunOverrides | undefined };
    runId: string;
  },
): Promise<NewEvent[]> {
  const { deps, source, request, runId } = order;
  if (source.unplanned) {
    throw new HeadraceError('conflict', {
      message: 'The plan of the run that is to be repeated in part is not complete yet.',
      where: source.id,
    });
  }
  const tasks = Object.entries(request.overrides?.tasks ?? {});
  const overrides = new Map(
    tasks.map(([name, override]) => [name, resolveOverride(deps, name, override)]),
  );
  await tx.query(
    `UPDATE runs r SET clarifications = s.clarifications, criteria = s.criteria, plan_note = s.plan_note,
       plan_single = s.plan_single, reading_order = s.reading_order
     FROM runs s WHERE r.id = $1 AND s.id = $2`,
    [runId, source.id],
  );
  const nothingNamed = request.fromTasks.length === 0 && overrides.size === 0;
  return await copyPlan(tx, {
    fromRun: source.id,
    toRun: runId,
    again: nothingNamed ? 'all' : request.fromTasks,
    overrides,
  });
}

function resolveOverride(
  deps: OrchestrationDeps,
  name: string,
  override: NonNullable<RunOverrides['tasks']>[string],
) {
  const { model, maxTokens } = override;
  if (maxTokens !== undefined && !(Number.isInteger(maxTokens) && maxTokens > 0)) {
    throw new HeadraceError('request_invalid', {
      message: `max_tokens is ${maxTokens}; it is a whole number above 0.`,
      where: `overrides.tasks.${name}.max_tokens`,
    });
  }
  return {
    ...storable(override),
    ...(model === undefined ? {} : { models: [deps.dispatch.resolveModel(model).id] }),
  };
}

/** Held until the copy is made: a patch between its statements would be copied by half. */
async function readSource(
  tx: Tx,
  projectId: string,
  fromRun: string | undefined,
): Promise<SourceRow> {
  const [row] = await tx.query<SourceRow>(
    `SELECT r.id, p.kind, r.settings, b.bytes AS brief_bytes, p.files,
       NOT r.plan_complete AND r.finished_at IS NULL AS unplanned
     FROM runs r JOIN projects p ON p.id = r.project_id JOIN payloads b ON b.id = p.brief_payload
     WHERE p.id = $1 AND ($2::text IS NULL OR r.id = $2) ORDER BY r.number DESC LIMIT 1
     FOR SHARE OF r`,
    [projectId, fromRun ?? null],
  );
  if (!row) throw new HeadraceError('not_found', { where: fromRun ?? projectId });
  return row;
}

/** The settings of the run from which it is repeated, but for what the person now says otherwise. */
function mergeSettings(
  deps: OrchestrationDeps,
  base: RunSettings,
  overrides: RunOverrides['settings'],
): RunSettings {
  if (!overrides) return base;
  const asked = validateSettings(overrides, deps.dispatch);
  const { timeoutMs, ...named } = overrides;
  const settings: RunSettings = { ...base };
  for (const [field, value] of Object.entries(named)) {
    if (value !== undefined)
      Object.assign(settings, { [field]: asked[field as keyof RunSettings] });
  }
  return timeoutMs === undefined ? settings : { ...settings, timeout_ms: asked.timeout_ms };
}
