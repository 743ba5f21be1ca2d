import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { noBody } from '../server/no-body.ts';
import { runSummarySchema } from './run-schemas.ts';

export const cancelRun: Route = (app, { orchestration }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/runs/:id/cancel',
    schema: {
      operationId: 'cancelRun',
      tags: ['runs'],
      summary: 'End a run now; cancelling twice is no error',
      params: idParams,
      body: noBody,
      response: { 200: runSummarySchema, ...problems },
    },
    async handler(request) {
      return orchestration.cancelRun(callerOf(request).principal, request.params.id);
    },
  });
};
