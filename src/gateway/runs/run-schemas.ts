import { z } from 'zod';
import {
  type ClarificationDocument,
  type PanelDocument,
  type ProjectSummary,
  type RunDocument,
  type RunSettings,
  type RunSummary,
  runStatuses,
} from '../../orchestration/index.ts';
import { lanes } from '../../platform/lanes.ts';

const time = z.string().describe('ISO 8601.');
const status = z.enum(runStatuses);
const lane = z.enum(lanes);
const usd = z.number().nullable().describe('null: a model without a price was used.');

const usage = z.object({ input_tokens: z.int(), output_tokens: z.int(), cost_usd: usd });

export const runSummarySchema = z
  .object({
    id: z.string(),
    project_id: z.string(),
    title: z.string().describe('Of its project: how the brief begins.'),
    number: z.int(),
    status,
    simulated: z.boolean(),
    rounds: z.int(),
    decision: z.enum(['pass', 'partial', 'fail']).nullable(),
    created_at: time,
    started_at: time.nullable(),
    finished_at: time.nullable(),
    usage,
  })
  .meta({ id: 'RunSummary' }) satisfies z.ZodType<RunSummary>;

const attempt = z.object({
  id: z.string(),
  model: z.string(),
  account: z.string(),
  outcome: z
    .enum(['succeeded', 'failed', 'unknown', 'cancelled'])
    .nullable()
    .describe('null while it runs; unknown: its worker was lost, and it is costed as reserved.'),
  failure: z.object({ kind: z.string().nullable(), message: z.string() }).nullable(),
  started_at: time,
  finished_at: time.nullable(),
  input_tokens: z.int().nullable(),
  output_tokens: z.int().nullable(),
  cost_usd: z.number().nullable(),
  as_reserved: z
    .boolean()
    .describe('Nobody told what it used: it counts with the whole of what was reserved.'),
});

const score = z
  .number()
  .nullable()
  .describe("By the task's criteria, 0..1. null: nobody compared.");
const lines = z.array(z.string());
const panel = z.object({
  route: z.string(),
  picked: z.string().nullable().describe('null: a synthesis or a vote.'),
  families: z.int(),
  supporters: z.int(),
  baseline: z
    .object({
      task_id: z.string(),
      model: z.string(),
      score,
      preferred: z
        .enum(['panel', 'baseline', 'tie', 'same'])
        .nullable()
        .describe("By a blind comparison in both orders. same: it is the panel's answer."),
    })
    .describe('What the ablest model alone would have given.'),
  members: z.array(z.object({ task_id: z.string(), model: z.string(), score })),
  consensus: lines,
  contradictions: lines,
  partial_coverage: lines,
  unique: lines,
  blind_spots: lines,
}) satisfies z.ZodType<PanelDocument>;

export const taskSchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum([
    'clarify',
    'plan',
    'panel',
    'merge',
    'judge',
    'section',
    'file',
    'research',
    'member',
  ]),
  depends_on: z.array(z.string()),
  lane,
  status: z.enum([
    'pending',
    'ready',
    'assigned',
    'running',
    'succeeded',
    'failed',
    'superseded',
    'cancelled',
  ]),
  attempts: z.array(attempt),
  output: z.string().nullable(),
  panel: panel.exactOptional(),
});

const clarification = z.object({
  index: z.int().describe('By which an answer names its question.'),
  question: z.string(),
  answer: z.string(),
  source: z.enum(['default', 'person']),
}) satisfies z.ZodType<ClarificationDocument>;

const mergeReportEntry = z.object({
  task_id: z.string(),
  disposition: z.enum(['used', 'superseded', 'rejected']),
  reason: z.string(),
  spans: z.array(z.object({ start: z.int(), end: z.int() })),
});

const verdict = z.object({
  decision: z.enum(['pass', 'partial', 'fail']),
  criteria: z.array(z.object({ text: z.string(), met: z.boolean(), evidence: z.string() })),
});

export const runSchema = z
  .object({
    id: z.string(),
    project_id: z.string(),
    number: z.int(),
    status,
    simulated: z.boolean(),
    rounds: z.int(),
    started_at: time.nullable(),
    finished_at: time.nullable(),
    clarifications: z.array(clarification),
    answers_due_at: time
      .nullable()
      .describe('While questions wait for answers: when their defaults hold.'),
    plan: z.object({
      single: z.string().nullable().describe('Why the brief is one task; null where it was split.'),
      note: z.string().nullable().describe('What a damaged plan may have lost.'),
    }),
    tasks: z.array(taskSchema),
    merge_report: z.array(mergeReportEntry),
    verdict: verdict.nullable(),
    confidence: z
      .object({
        value: z.number(),
        calibrated: z.boolean(),
        explanation: z.string(),
        ece: z.number().nullable().describe('Expected calibration error; null while uncalibrated.'),
        labels: z.int().describe('Labelled outcomes; calibrated from 300 on.'),
      })
      .nullable(),
    usage,
    artifacts: z.array(
      z.object({
        path: z.string(),
        media_type: z.string(),
        bytes: z.int(),
        sha256: z.string(),
        task_id: z.string(),
      }),
    ),
    result: z.string().nullable().describe('Markdown.'),
    failure: z.object({ code: z.string(), message: z.string() }).exactOptional(),
  })
  .meta({ id: 'Run' }) satisfies z.ZodType<RunDocument>;

export const settingsSchema = z.object({
  models: z.array(z.string()),
  orchestrator: z.string().nullable(),
  clarify: z.enum(['ask', 'auto', 'off']),
  approve: z.enum(['ask', 'auto']),
  panel: z.int(),
  budget: z.object({ usd: z.number().nullable(), tokens: z.int().nullable() }),
  timeout_ms: z.int(),
  lane,
  rework: z.int(),
  temperature: z.number().nullable(),
}) satisfies z.ZodType<RunSettings>;

export const projectSummarySchema = z.object({
  id: z.string(),
  kind: z.enum(['brief', 'fanout']),
  title: z.string(),
  created_at: time,
}) satisfies z.ZodType<ProjectSummary>;
