import { z } from 'zod';
import type { AcceptedFanout, FanoutDocument } from '../../orchestration/index.ts';

export const acceptedFanoutSchema = z.object({
  task_id: z.string(),
  status: z.literal('pending'),
  simulated: z.boolean(),
  subtasks_count: z.int().describe('Models asked.'),
}) satisfies z.ZodType<AcceptedFanout>;

const status = z.enum(['pending', 'processing', 'completed', 'failed']);

const answer = z.object({
  model: z.string(),
  status,
  content: z.string().nullable(),
  usage: z
    .object({
      prompt_tokens: z.int(),
      completion_tokens: z.int(),
      total_tokens: z.int(),
    })
    .nullable(),
  cost_usd: z.number().nullable(),
  latency_ms: z.number().nullable(),
  error: z.string().nullable(),
});

const summary = z.object({
  consensus: z.array(z.string()).describe('What the answers agree on.'),
  confidence_score: z.number().nullable().describe('0 to 1; null where too few answered.'),
  calibrated: z.boolean(),
  ece: z.number().nullable().describe('Expected calibration error; null while uncalibrated.'),
  labels: z.int().describe('Labelled outcomes; calibrated from 300 on.'),
  partial_coverage: z.array(z.string()).describe('Which models are missing, and why.'),
  explanation: z.string(),
  best_model: z.string().nullable(),
  contradictions: z.array(z.string()),
  unique: z.array(z.string()),
  blind_spots: z.array(z.string()),
});

export const fanoutSchema = z.object({
  task_id: z.string(),
  status,
  simulated: z.boolean().describe('true: simulated providers answered.'),
  results: z.array(answer),
  summary: summary.nullable().describe('null until every model has answered or failed.'),
}) satisfies z.ZodType<FanoutDocument>;
