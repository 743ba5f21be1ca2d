import { z } from 'zod';
import { type PlanDocument, type PlanLine, runStatuses } from '../../orchestration/index.ts';
import { isTaskPanel, taskPanelForm } from '../../platform/panel-size.ts';
import { taskSchema } from './run-schemas.ts';

const text = z.string().min(1).max(65_536);
const kind = z.enum(['section', 'file', 'research']);

const written = z.object({
  key: z.string().describe('By which dependencies name it, such as t1.'),
  title: z.string(),
  instruction: z.string(),
  kind,
  deps: z
    .array(z.object({ id: z.string(), uses: z.string() }))
    .describe('Keys of earlier tasks, and what of their output it uses.'),
  acceptance: z.array(z.string()),
  max_tokens: z.int(),
  required: z.boolean(),
  path: z.string().nullable().describe('Of a file of the result.'),
  models: z.array(z.string()).describe('Best first; empty: any.'),
  panel: z.int().describe('Models that answer it side by side; 0: one answers.'),
});

export const planSchema = z
  .object({
    run_id: z.string(),
    status: z.enum(runStatuses),
    version: z.int().describe('Counts the changes that people made, from 1.'),
    tasks: z.array(
      written.extend(
        taskSchema.pick({ id: true, depends_on: true, lane: true, status: true }).shape,
      ),
    ),
  })
  .meta({ id: 'Plan' }) satisfies z.ZodType<PlanDocument>;

const dependency = z.strictObject({
  id: z.string().min(1).max(128),
  uses: z.string().max(1_000).default(''),
});

const fields = {
  kind: kind.optional(),
  deps: z.array(dependency).max(100).optional(),
  acceptance: z.array(z.string().min(1).max(1_000)).max(100).optional(),
  max_tokens: z.int().positive().optional(),
  required: z.boolean().optional(),
  path: z.string().max(200).nullable().optional(),
  models: z.array(z.string().min(1).max(256)).max(100).optional(),
  panel: z.int().refine(isTaskPanel, `expected ${taskPanelForm}`).optional(),
};

/** What a person writes; the rest of what a plan is read as may stand there and changes nothing. */
export const planLineInput = z.strictObject({
  key: z.string().trim().min(1).max(60).optional().describe('`id` where omitted.'),
  title: text,
  instruction: text,
  ...fields,
  id: z.string().min(1).max(128).optional(),
  depends_on: z.array(z.string()).optional(),
  lane: z.string().optional(),
  status: z.string().optional(),
});

export const planChangeInput = z.strictObject({
  title: text.optional(),
  instruction: text.optional(),
  ...fields,
});

export const planVersion = z.int().positive().optional();

export function readLine(line: z.infer<typeof planLineInput>, index: number): PlanLine {
  const { id, key, depends_on: _, lane: __, status: ___, ...rest } = line;
  return {
    ...readFields(rest),
    key: key ?? id ?? `t${index + 1}`,
    title: line.title,
    instruction: line.instruction,
  };
}

export function readFields({ max_tokens: maxTokens, ...rest }: z.infer<typeof planChangeInput>) {
  return maxTokens === undefined ? rest : { ...rest, maxTokens };
}
