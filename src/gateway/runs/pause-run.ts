import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { noBody } from '../server/no-body.ts';
import { runSummarySchema } from './run-schemas.ts';

export const pauseRun: Route = (app, { orchestration }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/runs/:id/pause',
    schema: {
      operationId: 'pauseRun',
      tags: ['runs'],
      summary: 'Withdraw what is assigned; what runs finishes',
      params: idParams,
      body: noBody,
      response: { 200: runSummarySchema, ...problems },
    },
    async handler(request) {
      return orchestration.pauseRun(callerOf(request).principal, request.params.id);
    },
  });
};
