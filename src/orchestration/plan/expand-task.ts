import type { ModelInfo } from '../../dispatch/index.ts';
import type { Lane } from '../../platform/lanes.ts';
import type { NewTask } from '../../queue/index.ts';
import type { PlannedTask, Repair } from './planned-task.ts';

export interface ExpandContext {
  /** Planner's key → id of the task that answers for it. */
  ids: ReadonlyMap<string, string>;
  /** Answers that the run wants for every section; 0: as the planner says. */
  panel: number;
  /** The models that the run may use. */
  models: readonly ModelInfo[];
  lane: Lane;
  newTaskId: () => string;
}

export interface Expanded {
  /** The id that stands for the planned task. */
  id: string;
  /** In an order in which each depends on earlier ones only. */
  tasks: NewTask[];
  repairs: Repair[];
}

/** One planned task as tasks of the queue: itself, or the members of a panel and the panel that compares them. */
export function expandTask(planned: PlannedTask, context: ExpandContext): Expanded {
  const id = context.newTaskId();
  const single = newTask(planned, { context, id });
  const wanted = panelSize(planned, context.panel);
  if (wanted < 2) return { id, tasks: [single], repairs: [] };
  const models = choosePanel(context.models, planned.models, wanted);
  if (models.length < 2) {
    const message = `A panel needs two models; ${models.length} can serve it. One answers.`;
    return { id, tasks: [single], repairs: [{ what: 'no_panel', where: planned.key, message }] };
  }
  const members = models.map(
    (model, index): NewTask => ({
      ...single,
      id: context.newTaskId(),
      key: `${planned.key}.${index + 1}`,
      kind: 'member',
      required: false,
      models: [model.id],
      memberOf: id,
    }),
  );
  const panel: NewTask = {
    ...single,
    kind: 'panel',
    dependsOn: members.map((member) => ({ id: member.id, uses: 'its answer' })),
    models: [],
  };
  return { id, tasks: [...members, panel], repairs: [] };
}

/** Research feeds others and is read critically by them; what stands in the result is worth several answers. */
function panelSize(planned: PlannedTask, asked: number): number {
  if (planned.kind === 'research') return 0;
  return planned.required ? Math.max(asked, planned.panel) : 0;
}

/** Different families first, since a vendor's models err together; within a family the ablest. */
export function choosePanel(
  models: readonly ModelInfo[],
  allowed: readonly string[],
  size: number,
): ModelInfo[] {
  const able = models
    .filter((model) => allowed.length === 0 || allowed.includes(model.id))
    .toSorted((one, other) => other.tier - one.tier || one.id.localeCompare(other.id));
  const families = new Set<string>();
  const first = able.filter((model) => {
    if (families.has(model.family)) return false;
    families.add(model.family);
    return true;
  });
  const rest = able.filter((model) => !first.includes(model));
  return [...first, ...rest].slice(0, size);
}

function newTask(
  planned: PlannedTask,
  { context, id }: { context: ExpandContext; id: string },
): NewTask {
  return {
    id,
    key: planned.key,
    kind: planned.kind,
    title: planned.title,
    instruction: planned.instruction,
    dependsOn: planned.deps.flatMap((dep) => {
      const depId = context.ids.get(dep.key);
      return depId ? { id: depId, uses: dep.uses } : [];
    }),
    required: planned.required,
    acceptance: planned.acceptance,
    rework: [],
    artifactPath: planned.path,
    outputSchema: null,
    maxTokens: planned.maxTokens,
    models: planned.models,
    memberOf: null,
    supersedes: null,
    lane: context.lane,
    criticalPath: planned.maxTokens,
    status: 'pending',
  };
}
