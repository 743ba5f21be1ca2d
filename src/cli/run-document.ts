import { z } from 'zod';

// What the command line reads of the gateway's documents. Unknown fields pass: an older command
// line may talk to a newer gateway.

const attempt = z.looseObject({
  model: z.string(),
  account: z.string(),
  outcome: z.string().nullable(),
  input_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
  cost_usd: z.number().nullable(),
  as_reserved: z.boolean().optional(),
});

const task = z.looseObject({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  depends_on: z.array(z.string()),
  lane: z.string(),
  status: z.string(),
  attempts: z.array(attempt),
  panel: z
    .looseObject({
      picked: z.string().nullable(),
      families: z.number(),
      supporters: z.number(),
      baseline: z.looseObject({
        task_id: z.string(),
        model: z.string(),
        score: z.number().nullable(),
        preferred: z.string().nullable(),
      }),
      members: z.array(
        z.looseObject({ task_id: z.string(), model: z.string(), score: z.number().nullable() }),
      ),
      partial_coverage: z.array(z.string()),
    })
    .optional(),
});

export const runDocument = z.looseObject({
  id: z.string(),
  project_id: z.string(),
  number: z.number(),
  status: z.string(),
  simulated: z.boolean(),
  rounds: z.number(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  answers_due_at: z.string().nullish(),
  clarifications: z.array(
    z.looseObject({ question: z.string(), answer: z.string(), source: z.string() }),
  ),
  plan: z.looseObject({ single: z.string().nullable(), note: z.string().nullable() }).optional(),
  tasks: z.array(task),
  merge_report: z.array(
    z.looseObject({ task_id: z.string(), disposition: z.string(), reason: z.string() }),
  ),
  verdict: z
    .looseObject({
      decision: z.string(),
      criteria: z.array(
        z.looseObject({ text: z.string(), met: z.boolean(), evidence: z.string() }),
      ),
    })
    .nullable(),
  confidence: z
    .looseObject({ value: z.number(), calibrated: z.boolean(), explanation: z.string() })
    .nullable(),
  usage: z.looseObject({
    input_tokens: z.number(),
    output_tokens: z.number(),
    cost_usd: z.number().nullable(),
  }),
  artifacts: z.array(
    z.looseObject({
      path: z.string(),
      media_type: z.string(),
      bytes: z.number(),
      task_id: z.string(),
    }),
  ),
  result: z.string().nullable(),
  failure: z.looseObject({ code: z.string(), message: z.string() }).optional(),
});
export type RunDocument = z.infer<typeof runDocument>;

export const acceptedProject = z.looseObject({
  id: z.string(),
  run_id: z.string(),
  status: z.string(),
});

export const runEvent = z.looseObject({
  number: z.number(),
  at: z.string(),
  type: z.string(),
  step: z.number().nullable(),
  task_id: z.string().nullable(),
  attempt_id: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type RunEventDocument = z.infer<typeof runEvent>;
