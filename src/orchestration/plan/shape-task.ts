import { z } from 'zod';
import { cutText } from '../storable.ts';
import type { PlannedTask, Repair } from './planned-task.ts';

const text = z.string().trim().min(1);
const dependency = z.union([
  text.transform((id) => ({ id, uses: '' })),
  z
    .object({ id: z.coerce.string().trim().min(1), uses: z.string().optional() })
    .transform((dep) => ({
      id: dep.id,
      uses: dep.uses?.trim() ?? '',
    })),
]);
const kinds = ['section', 'file', 'research'] as const;
/** A criterion, a name or what is used of an input is a sentence, not a document. */
const longestText = 1_000;
const fewestTokens = 100;
const defaultTokens = 1_500;

export interface ShapeRules {
  /** `provider/model` of a name, or `null` where the run may not use it. */
  resolveModel: (name: string) => string | null;
  /** The largest `max_tokens` a task may ask for. */
  mostTokens: number;
}

export interface Shaped {
  task: PlannedTask;
  repairs: FieldRepair[];
}

/** What was wrong with one field; whoever does not want it repaired refuses it in these words. */
export interface FieldRepair extends Repair {
  field: string;
  wrong: string;
}

/** One task out of what the planner wrote: every field checked by itself, so that one bad field costs itself only. */
export function shapeTask(fields: Record<string, unknown>, key: string, rules: ShapeRules): Shaped {
  const repairs: FieldRepair[] = [];
  const note: Note = (what, field, [wrong, done]) => {
    repairs.push({ what, where: `${key}.${field}`, field, wrong, message: `${wrong}; ${done}.` });
  };
  const { title, instruction } = shapeTexts(fields, note);
  const path = shapePath(fields, note);
  const panel = Number(fields['panel'] ?? 0);
  return {
    task: {
      key,
      title,
      instruction,
      kind: shapeKind(fields['kind'], path, note),
      deps: shapeDeps(fields['deps'] ?? fields['dependencies'] ?? fields['depends_on'], note),
      acceptance: shapeCriteria(fields['acceptance'] ?? fields['acceptance_criteria']),
      maxTokens: shapeTokens(fields['max_tokens'] ?? fields['maxTokens'], { rules, note }),
      required: fields['required'] !== false,
      path,
      models: shapeModels(fields['models'] ?? fields['model'], { rules, note }),
      panel: Number.isInteger(panel) && panel > 1 ? panel : 0,
    },
    repairs,
  };
}

/** What is wrong, and what was done about it. */
type Note = (what: Repair['what'], field: string, why: readonly [string, string]) => void;

function shapeTexts(fields: Record<string, unknown>, note: Note) {
  const firstText = (names: readonly string[]) =>
    names.map((name) => text.safeParse(fields[name])).find((read) => read.success)?.data;
  const title = firstText(['title', 'name']);
  const instruction = firstText(['instruction', 'instructions', 'description', 'prompt']);
  if (!title) note('missing_field', 'title', ['The title is missing', 'the instruction gives it']);
  if (!instruction)
    note('missing_field', 'instruction', ['The instruction is missing', 'the title gives it']);
  const shown = title ?? instruction ?? 'Untitled';
  return {
    title: cutText(shown.replace(/\s+/g, ' '), 120),
    instruction: instruction ?? shown,
  };
}

function shapeKind(value: unknown, path: string | null, note: Note): PlannedTask['kind'] {
  const known = kinds.find((kind) => kind === value);
  const fallback = path === null ? 'section' : 'file';
  if (value !== undefined && !known) {
    const wrong = `${JSON.stringify(value)} is no kind of task`;
    note('unknown_kind', 'kind', [wrong, `it is now ${fallback}`]);
  }
  if (known === 'file' && path === null) {
    note('missing_field', 'path', ['A file without a usable path', 'it is now a section']);
    return 'section';
  }
  // A path makes it a file of the result, whatever else it is called.
  return path === null ? (known ?? fallback) : 'file';
}

function shapeDeps(value: unknown, note: Note): PlannedTask['deps'] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  const deps = new Map<string, string>();
  for (const [index, each] of list.entries()) {
    const read = dependency.safeParse(typeof each === 'number' ? String(each) : each);
    if (read.success) deps.set(read.data.id, cutText(read.data.uses, longestText));
    else {
      const wrong = `${JSON.stringify(each)} names no task`;
      note('wrong_field', `deps[${index}]`, [wrong, 'left out']);
    }
  }
  return [...deps].map(([key, uses]) => ({ key, uses }));
}

/** Some planners write all criteria into one text. */
function shapeCriteria(value: unknown): string[] {
  if (typeof value !== 'string') return shapeTextsOf(value);
  const lines = value
    .split(/[\n;；]/)
    .map((line) => line.replace(/^\s*(?:[-*•]|\d{1,2}[.)])\s+/, ''));
  return shapeTextsOf(lines);
}

function shapeTextsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((each) => {
    const read = text.safeParse(each);
    return read.success ? [cutText(read.data, longestText)] : [];
  });
}

function shapeTokens(value: unknown, context: { rules: ShapeRules; note: Note }): number {
  if (value === undefined || value === null)
    return Math.min(defaultTokens, context.rules.mostTokens);
  const most = Math.max(fewestTokens, context.rules.mostTokens);
  const asked = Math.round(Number(value));
  const tokens = Number.isFinite(asked)
    ? Math.min(most, Math.max(fewestTokens, asked))
    : defaultTokens;
  if (tokens !== asked) {
    const wrong = `${JSON.stringify(value)} is not a whole number from ${fewestTokens} to ${most}`;
    context.note('out_of_range', 'max_tokens', [wrong, `it became ${tokens}`]);
  }
  return tokens;
}

function shapeModels(value: unknown, context: { rules: ShapeRules; note: Note }): string[] {
  const models: string[] = [];
  for (const [index, name] of shapeTextsOf(value).entries()) {
    const id = context.rules.resolveModel(name);
    if (id) models.push(id);
    else {
      const wrong = `The run has no model ${JSON.stringify(name)}`;
      context.note('unknown_model', `models[${index}]`, [wrong, 'left out']);
    }
  }
  return [...new Set(models)];
}

/** A relative path without a way out of the folder into which results are written; `null` where there is none. */
function shapePath(fields: Record<string, unknown>, note: Note): string | null {
  const read = text.safeParse(fields['path'] ?? fields['file']);
  if (!read.success) return null;
  const parts = read.data
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    // Names that some file system refuses or reads as something else.
    .map((part) => part.replace(/[<>:"|?*\p{Cc}]/gu, '_').replace(/[. ]+$/, ''))
    .filter((part) => part !== '');
  const path = parts.join('/').slice(0, 200);
  if (path !== read.data) {
    const wrong = `${JSON.stringify(read.data)} is no relative path that every system can write`;
    note('unusable_path', 'path', [wrong, `it became ${JSON.stringify(path)}`]);
  }
  return path === '' ? null : path;
}
