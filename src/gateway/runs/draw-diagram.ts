import { z } from 'zod';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';

export const drawDiagram: Route = (app, { orchestration }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/diagram',
    schema: {
      operationId: 'drawDiagram',
      tags: ['runs'],
      summary: 'A Mermaid sequence diagram of what this run recorded, its steps numbered',
      params: idParams,
      response: {
        200: { description: 'Mermaid.', content: { 'text/plain': { schema: z.string() } } },
        ...problems,
      },
    },
    async handler(request, reply) {
      const diagram = await orchestration.drawDiagram(
        callerOf(request).principal,
        request.params.id,
      );
      return reply.type('text/plain; charset=utf-8').send(diagram);
    },
  });
};
