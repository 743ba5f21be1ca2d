import type { ControlKind, Dependency, NewTask } from '../../queue/index.ts';
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

/** Stores a control task that the orchestrator role can take at once. */
export function storeControlTask(
  draft: Draft,
  kind: keyof typeof titles,
  dependsOn: Dependency[] = [],
): void {
  const task: NewTask = {
    id: draft.newTaskId(),
    key: kind,
    kind,
    title: titles[kind],
    instruction: '',
    dependsOn,
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
  };
  draft.store(task);
}
