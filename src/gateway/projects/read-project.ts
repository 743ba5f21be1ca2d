import { z } from 'zod';
import { type ProjectDocument, runStatuses } from '../../orchestration/index.ts';
import { projectSummarySchema, settingsSchema } from '../runs/run-schemas.ts';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';

const projectSchema = projectSummarySchema.extend({
  brief: z.string(),
  files: z.array(z.object({ name: z.string(), media_type: z.string(), bytes: z.int() })),
  settings: settingsSchema,
  runs: z.array(z.object({ id: z.string(), number: z.int(), status: z.enum(runStatuses) })),
}) satisfies z.ZodType<ProjectDocument>;

export const readProject: Route = (app, { orchestration }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/projects/:id',
    schema: {
      operationId: 'readProject',
      tags: ['projects'],
      summary: 'Read a project with its brief, settings and runs',
      params: idParams,
      response: { 200: projectSchema, ...problems },
    },
    async handler(request) {
      return orchestration.readProject(callerOf(request).principal, request.params.id);
    },
  });
};
