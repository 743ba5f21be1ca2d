import { z } from 'zod';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { noBody } from '../server/no-body.ts';

export const redriveRun: Route = (app, { orchestration }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/runs/:id/redrive',
    schema: {
      operationId: 'redriveRun',
      tags: ['runs'],
      summary: 'Give the dead tasks of a run another life',
      params: idParams,
      body: noBody,
      response: { 200: z.object({ redriven: z.int() }), ...problems },
    },
    async handler(request) {
      return orchestration.redriveRun(callerOf(request).principal, request.params.id);
    },
  });
};
