import { z } from 'zod';
import { parseYaml } from '../platform/config/parse-yaml.ts';
import { isTaskPanel, taskPanelForm } from '../platform/panel-size.ts';
import { plainWords } from '../platform/plain-words.ts';

const text = z.string().trim().min(1);

const dependency = z.union([
  z.strictObject({ id: text, uses: z.string().default('') }),
  text.transform((id) => ({ id, uses: '' })),
]);

const task = z.strictObject({
  id: text,
  title: text,
  kind: z.enum(['section', 'file', 'research']).default('section'),
  path: z.string().nullable().optional(),
  instruction: text,
  deps: z.array(dependency).nullish(),
  acceptance: z.array(text).nullish(),
  models: z.array(text).nullish(),
  max_tokens: z.int().positive().optional(),
  required: z.boolean().default(true),
  panel: z.int().refine(isTaskPanel, `expected ${taskPanelForm}`).optional(),
});

const planFile = z.strictObject({
  version: z.int().positive().optional(),
  tasks: z.array(task).min(1),
});

/** A task as a person wrote it, in the gateway's words. */
export type WrittenTask = Omit<z.infer<typeof task>, 'deps' | 'acceptance' | 'models' | 'path'> & {
  deps: { id: string; uses: string }[];
  acceptance: string[];
  models: string[];
  path: string | null;
};

export interface PlanProblem {
  /** From 1; of the field, or of what stands around it. */
  line: number;
  /** `tasks[2].max_tokens`; empty for the whole text. */
  field: string;
  message: string;
}

export interface ReadPlan {
  version: number | undefined;
  tasks: WrittenTask[];
  /** The line of a field that the gateway refuses, such as `tasks[1].deps[0].id`. */
  lineOf(field: string): number;
}

/** Nothing but comments and blank lines is in it. */
export function isEmptyPlan(written: string): boolean {
  return written.split('\n').every((line) => /^\s*(#.*)?$/.test(line));
}

/** The plan that `written` holds, or everything that keeps it from being one. */
export function readPlanFile(written: string): ReadPlan | { problems: PlanProblem[] } {
  const parsed = parseYaml(written);
  if ('wrong' in parsed) {
    const message = `the text ${parsed.wrong}`;
    return { problems: [{ line: Number.parseInt(parsed.position, 10), field: '', message }] };
  }
  const lineAt = (path: readonly (string | number)[]) => Number.parseInt(parsed.locate(path), 10);
  const read = planFile.safeParse(parsed.value, { error: plainWords });
  if (!read.success) {
    return {
      problems: read.error.issues.flatMap(flattenUnion).map((issue) => {
        const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
        const named = issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path;
        return { line: lineAt(named), field: formatField(path), message: issue.message };
      }),
    };
  }
  const { version, tasks } = read.data;
  return {
    version,
    tasks: tasks.map(({ deps, acceptance, models, path, ...rest }) => ({
      ...rest,
      deps: deps ?? [],
      acceptance: acceptance ?? [],
      models: models ?? [],
      path: path ?? null,
    })),
    lineOf: (field) => lineAt(parseField(field)),
  };
}

/** Of the shapes that a value might have had, the one that came nearest says what is wrong. */
function flattenUnion(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  const nearest = issue.code === 'invalid_union' ? issue.errors[0] : undefined;
  if (!nearest || nearest.length === 0) return [issue];
  return nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function formatField(path: readonly (string | number)[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

/** `tasks[1].deps[0].id` and `body.tasks.1.deps.0.id` name the same. */
function parseField(field: string): (string | number)[] {
  return field
    .replace(/^body\./, '')
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part === 'key' ? 'id' : part));
}
