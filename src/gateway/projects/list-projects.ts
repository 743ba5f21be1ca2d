import { projectSummarySchema } from '../runs/run-schemas.ts';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { pageOf, pageQuery, writePage } from '../server/page.ts';

export const listProjects: Route = (app, { orchestration }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/projects',
    schema: {
      operationId: 'listProjects',
      tags: ['projects'],
      summary: 'List projects, newest first',
      querystring: pageQuery,
      response: { 200: pageOf(projectSummarySchema), ...problems },
    },
    async handler(request) {
      return writePage(
        await orchestration.listProjects(callerOf(request).principal, request.query),
      );
    },
  });
};
