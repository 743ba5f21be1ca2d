import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { noBody } from '../server/no-body.ts';
import { runSummarySchema } from './run-schemas.ts';

export const resumeRun: Route = (app, { orchestration }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/runs/:id/resume',
    schema: {
      operationId: 'resumeRun',
      tags: ['runs'],
      summary: 'Go on with a paused run',
      params: idParams,
      body: noBody,
      response: { 200: runSummarySchema, ...problems },
    },
    async handler(request) {
      return orchestration.resumeRun(callerOf(request).principal, request.params.id);
    },
  });
};
