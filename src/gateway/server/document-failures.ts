import { z } from 'zod';
import { problemMediaType, problemSchema } from './problem.ts';

const problem = {
  description: 'A problem (RFC 9457) with a stable code.',
  content: { [problemMediaType]: { schema: problemSchema } },
};

/** How every route of our own surface fails, as the API description shows it. */
export const problems = { '4xx': problem, '5xx': problem };

const openaiErrorSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .meta({ id: 'OpenaiError' });

const openaiError = {
  description: "An error in OpenAI's shape.",
  content: { 'application/json': { schema: openaiErrorSchema } },
};

export const openaiErrors = { '4xx': openaiError, '5xx': openaiError };
