import { z } from 'zod';
import type { Redriven } from '../../orchestration/index.ts';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { noBody } from '../server/no-body.ts';

const redrivenSchema = z.object({
  redriven: z.int().describe('Dead tasks that live again.'),
  run_id: z.string().describe('The run in which they do.'),
}) satisfies z.ZodType<Redriven>;

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
      response: { 200: redrivenSchema, ...problems },
    },
    async handler(request) {
      return orchestration.redriveRun(callerOf(request).principal, request.params.id);
    },
  });
};
