import { z } from 'zod';

const usage = z.looseObject({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
});

const chatAnswer = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.int(),
  model: z.string().describe('provider/model that answered.'),
  choices: z.array(
    z.looseObject({
      index: z.int(),
      message: z.looseObject({ role: z.literal('assistant'), content: z.string() }),
      finish_reason: z.string().nullable(),
    }),
  ),
  usage: usage.optional(),
});

/** Documents the request; what is read of it, and refused, is the wire format's to say. */
export const chatInput = z.looseObject({
  model: z.string().describe('provider/model, a bare name that one provider serves, or an alias.'),
  messages: z.array(
    z.looseObject({
      role: z.enum(['system', 'developer', 'user', 'assistant']),
      content: z.union([z.string(), z.array(z.looseObject({ type: z.literal('text') }))]),
    }),
  ),
  max_completion_tokens: z.int().positive().optional(),
  temperature: z.number().min(0).max(2).optional(),
  stream: z.boolean().optional(),
});

export const chatAnswers = {
  description: 'The answer; where "stream" is true, chunks and then [DONE].',
  content: {
    'application/json': { schema: chatAnswer },
    'text/event-stream': { schema: z.string() },
  },
};

export const modelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
  headrace: z.object({
    simulated: z.boolean(),
    context_tokens: z.int(),
    max_output_tokens: z.int(),
    input_usd_per_million: z.number().nullable().describe('null: no price is known.'),
    output_usd_per_million: z.number().nullable(),
  }),
});
