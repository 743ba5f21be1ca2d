/** A task as the planner wrote it, checked and completed. */
export interface PlannedTask {
  key: string;
  title: string;
  instruction: string;
  kind: 'section' | 'file' | 'research';
  deps: { key: string; uses: string }[];
  acceptance: string[];
  maxTokens: number;
  required: boolean;
  path: string | null;
  /** `provider/model`, best first; empty: any. */
  models: string[];
  /** Answers wanted from different models; 0 or 1: one. */
  panel: number;
}

/** What was wrong with a plan and what was done about it. Nothing is repaired in silence. */
export interface Repair {
  what:
    | 'thinking'
    | 'fenced'
    | 'wrapped'
    | 'bad_json'
    | 'bad_escape'
    | 'truncated'
    | 'unreadable'
    | 'empty'
    | 'repeated'
    | 'missing_id'
    | 'duplicate_id'
    | 'missing_field'
    | 'wrong_field'
    | 'unknown_dependency'
    | 'forward_dependency'
    | 'cyclic_dependency'
    | 'unknown_kind'
    | 'unknown_model'
    | 'unusable_path'
    | 'out_of_range'
    | 'too_many_tasks'
    | 'count_mismatch'
    | 'no_panel'
    | 'single_task';
  /** The path in the plan: `t3.deps[0].id`, `object 4`. */
  where: string;
  message: string;
}

/** What one object of the plan is. */
export type PlanItem =
  | { type: 'criteria'; criteria: string[] }
  | { type: 'task'; fields: Record<string, unknown> }
  | { type: 'end'; count: number | null; single: string | null; order: string[] };
