import { z } from 'zod';
import { type ResultDocument, runStatuses } from '../../orchestration/index.ts';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { preferredType } from '../server/preferred-type.ts';
import { deliverAfterwards } from './delivery.ts';

const resultSchema = z.object({
  run_id: z.string(),
  status: z.enum(runStatuses),
  result: z.string().describe('Markdown.'),
}) satisfies z.ZodType<ResultDocument>;

const markdown = 'text/markdown; charset=utf-8';

export const readResult: Route = (app, context) => {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/result',
    schema: {
      operationId: 'readResult',
      tags: ['runs'],
      summary: 'Read the result, as Markdown or JSON by Accept',
      params: idParams,
      response: {
        200: {
          description: 'The result.',
          content: {
            'text/markdown': { schema: z.string() },
            'application/json': { schema: resultSchema },
          },
        },
        ...problems,
      },
    },
    async handler(request, reply) {
      const { principal } = callerOf(request);
      const document = await context.orchestration.readResult(principal, request.params.id);
      deliverAfterwards(context, { reply, principal, runId: document.run_id });
      reply.header('vary', 'accept');
      const type = preferredType(request.headers.accept, ['text/markdown', 'application/json']);
      return type === 'application/json'
        ? reply.type(type).send(document)
        : reply.type(markdown).send(document.result);
    },
  });
};
