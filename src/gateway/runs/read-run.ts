import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { deliverAfterwards, hasEnded } from './delivery.ts';
import { runSchema } from './run-schemas.ts';

export const readRun: Route = (app, context) => {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id',
    schema: {
      operationId: 'readRun',
      tags: ['runs'],
      summary: 'Read a run as far as it has come',
      params: idParams,
      response: { 200: runSchema, ...problems },
    },
    async handler(request, reply) {
      const { principal } = callerOf(request);
      const run = await context.orchestration.readRun(principal, request.params.id);
      if (hasEnded(run.status)) deliverAfterwards(context, { reply, principal, runId: run.id });
      return run;
    },
  });
};
