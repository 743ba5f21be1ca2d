import { z } from 'zod';
import { type Accepted, runStatuses } from '../../orchestration/index.ts';

/** The answer to an accepted project or rerun: it is durable and goes on by itself. */
export const acceptedSchema = z.object({
  id: z.string().describe('The project.'),
  run_id: z.string(),
  number: z.int().describe('Of the run within its project, from 1.'),
  status: z.enum(runStatuses),
}) satisfies z.ZodType<Accepted>;
