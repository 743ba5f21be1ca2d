import { z } from 'zod';
import { limitDimensions } from '../../platform/config/config.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';

const tokens = z.int().min(0).max(100_000_000);

const question = z.strictObject({
  model: z.string().min(1).max(300),
  input_tokens: tokens.default(0),
  output_tokens: tokens.default(1000).describe('The cap of the output.'),
  affinity: z.string().min(1).max(256).optional().describe('The conversation it belongs to.'),
});

const explanation = z.object({
  model: z.string().describe('provider/model.'),
  cost: z
    .partialRecord(z.enum(limitDimensions), z.number())
    .describe('What such a call takes from each dimension, as its vendor counts.'),
  chosen: z.string().nullable(),
  held: z
    .object({
      by: z.enum(['drain', 'breaker']),
      wait_ms: z.number().nullable().describe('null: until an operator takes it back.'),
      reason: z.string(),
    })
    .nullable()
    .describe('What keeps every call from the model now, whichever account has room.'),
  accounts: z.array(
    z.object({
      id: z.string(),
      state: z.string(),
      verdict: z.enum(['chosen', 'fits', 'waits', 'too_large', 'out']),
      headroom: z.number().describe('Smallest share of a limit that the call would leave, 0 to 1.'),
      weight: z.number(),
      price_factor: z.number(),
      wait_ms: z.number().nullable(),
      reason: z.string(),
    }),
  ),
});

export const explainChoice: Route = (app, { accounts }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/accounts/explain',
    config: { access: 'admin' },
    schema: {
      operationId: 'explainChoice',
      tags: ['accounts'],
      summary: 'Say which account a call would get now, and why each other would not',
      body: question,
      response: { 200: explanation, ...problems },
    },
    async handler(request) {
      const { model, input_tokens: input, output_tokens: output, affinity } = request.body;
      const found = await accounts.explain({ model, input, output, affinity });
      return {
        model: found.model,
        cost: found.cost,
        chosen: found.chosen,
        held: found.held && {
          by: found.held.by,
          wait_ms: found.held.waitMs,
          reason: found.held.reason,
        },
        accounts: found.accounts.map(({ waitMs, priceFactor, ...account }) => ({
          ...account,
          price_factor: priceFactor,
          wait_ms: waitMs,
        })),
      };
    },
  });
};
