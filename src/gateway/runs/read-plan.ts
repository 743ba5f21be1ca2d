import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { planSchema } from './plan-schemas.ts';

export const readPlan: Route = (app, { orchestration }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/plan',
    schema: {
      operationId: 'readPlan',
      tags: ['runs'],
      summary: "Read a run's plan as far as it has been accepted",
      params: idParams,
      response: { 200: planSchema, ...problems },
    },
    async handler(request, reply) {
      const plan = await orchestration.readPlan(callerOf(request).principal, request.params.id);
      reply.header('etag', `"${plan.version}"`);
      return plan;
    },
  });
};
