import { z } from 'zod';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { pageOf, pageQuery, writePage } from '../server/page.ts';
import { runSummarySchema } from './run-schemas.ts';

export const listRuns: Route = (app, { orchestration }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/runs',
    schema: {
      operationId: 'listRuns',
      tags: ['runs'],
      summary: 'List runs, newest first',
      querystring: pageQuery.extend({ project_id: z.string().min(1).max(128).optional() }),
      response: { 200: pageOf(runSummarySchema), ...problems },
    },
    async handler(request) {
      const { project_id: projectId, ...page } = request.query;
      const { principal } = callerOf(request);
      return writePage(await orchestration.listRuns(principal, { ...page, projectId }));
    },
  });
};
