import { z } from 'zod';

/** A plan as the gateway tells it; unknown fields pass, as in every document that the command line reads. */
export const planDocument = z.looseObject({
  run_id: z.string(),
  status: z.string(),
  version: z.number(),
  tasks: z.array(
    z.looseObject({
      key: z.string(),
      title: z.string(),
      instruction: z.string(),
      kind: z.string(),
      deps: z.array(z.looseObject({ id: z.string(), uses: z.string() })),
      acceptance: z.array(z.string()),
      max_tokens: z.number(),
      required: z.boolean(),
      path: z.string().nullable(),
      models: z.array(z.string()),
      panel: z.number(),
      status: z.string(),
    }),
  ),
});
export type PlanDocument = z.infer<typeof planDocument>;
