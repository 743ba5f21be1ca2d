import { z } from 'zod';
import { checkBrief } from '../projects/check-brief.ts';
import { acceptOnce } from '../server/accept-once.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { requireAccounts } from '../server/require-accounts.ts';
import { acceptedFanoutSchema } from './fanout-schemas.ts';

/** Bytes: a prompt of 1 MiB, each byte of it written as a \u escape of six. */
const bodyLimit = 7 << 20;

const taskInput = z.strictObject({
  prompt: z.string(),
  max_tokens: z.int().min(1).max(1_000_000).default(1_000),
  temperature: z.number().min(0).max(2).default(0.7),
  models: z.array(z.string().min(1).max(256)).min(1).max(16),
});

export const createTask: Route = (app, context) => {
  app.route({
    method: 'POST',
    url: '/tasks',
    bodyLimit,
    config: { carriesBrief: true, idempotent: true },
    schema: {
      operationId: 'createTask',
      tags: ['fan-out'],
      summary: 'Ask several models the same question',
      body: taskInput,
      response: { 202: acceptedFanoutSchema, ...problems },
    },
    async handler(request, reply) {
      requireAccounts(context.dispatch);
      const { prompt, models, temperature, max_tokens: maxTokens } = request.body;
      checkBrief(prompt, 'body.prompt');
      const input = { prompt, models, temperature, maxTokens };
      return acceptOnce(context.store, { request, reply }, (principal, receipt) =>
        context.orchestration.acceptFanout(principal, input, receipt),
      );
    },
  });
};
