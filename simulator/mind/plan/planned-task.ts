/** One line of a plan. */
export interface PlannedTask {
  id: string;
  title: string;
  instruction: string;
  kind: 'section' | 'file' | 'research';
  deps: { id: string; uses: string }[];
  acceptance: string[];
  max_tokens: number;
  required: boolean;
  path: string | null;
  models: string[];
}

export interface Plan {
  criteria: string[];
  tasks: PlannedTask[];
  /** Why the brief is one task; `null` where it is more. */
  single: string | null;
  /** Ids of sections in reading order, where that is not the order of writing. */
  order?: string[];
}

/** Grows a plan: ids follow the order of writing, so that a dependency always names an earlier one. */
export interface Draft {
  tasks: PlannedTask[];
  add(task: Omit<PlannedTask, 'id' | 'required' | 'models' | 'path'> & { path?: string }): string;
  titleOf(id: string): string;
}

export function createDraft(): Draft {
  const tasks: PlannedTask[] = [];
  return {
    tasks,
    add(task) {
      const id = `t${tasks.length + 1}`;
      // The id first, as in the skeleton: what a cut leaves of a line still says which task it was.
      tasks.push({ id, ...task, required: true, path: task.path ?? null, models: [] });
      return id;
    },
    titleOf: (id) => tasks.find((task) => task.id === id)?.title ?? id,
  };
}
