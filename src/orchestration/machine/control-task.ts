import type { ControlKind, NewTask } from '../../queue/index.ts';
import type { Draft } from './draft.ts';

const titles: Record<Exclude<ControlKind, 'panel'>, string> = {
  clarify: 'Clarify the brief',
  plan: 'Plan the tasks',
  merge: 'Merge the answers',
  judge: 'Judge the result',
};

/** Output tokens that a control task may ask for in one call; reasoning counts. */
export const controlMaxTokens: Record<keyof typeof titles, number> = {
  clarify: 2_000,
  plan: 8_000,
  merge: 8_000,
  judge: 6_000,
};

/** The key of a merge that puts the answers together without a model, because its instruction says so. */
export const plainMergeKey = 'assemble';

/** Whether a merge does without a model; its instruction then says why. */
export function isPlainMerge({ key }: Pick<NewTask, 'key'>): boolean {
  return key === plainMergeKey;
}

/** Stores a control task that the orchestrator role can take at once. */
export function storeControlTask(
  draft: Draft,
  kind: keyof typeof titles,
  given: Partial<Pick<NewTask, 'key' | 'instruction' | 'dependsOn'>> = {},
): void {
  const task: NewTask = {
    id: draft.newTaskId(),
    key: kind,
    kind,
    title: titles[kind],
    instruction: '',
    dependsOn: [],
    required: true,
    acceptance: [],
    rework: [],
    artifactPath: null,
    outputSchema: null,
    maxTokens: controlMaxTokens[kind],
    models: [],
    memberOf: null,
    supersedes: null,
    lane: draft.run.settings.lane,
    criticalPath: controlMaxTokens[kind],
    status: 'ready',
    ...given,
  };
  draft.store(task);
}
