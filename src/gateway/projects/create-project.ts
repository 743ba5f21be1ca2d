import { z } from 'zod';
import { acceptOnce } from '../server/accept-once.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { requireAccounts } from '../server/require-accounts.ts';
import { acceptedSchema } from './accepted-schema.ts';
import { checkBrief } from './check-brief.ts';
import { readSettings, settingsInput } from './project-settings.ts';
import { fileInput, readFiles } from './read-files.ts';

/** Bytes. 20 MiB of files in base64 fit beside a brief of 1 MiB that is written wholly in \u escapes. */
const bodyLimit = 36 << 20;

const projectInput = settingsInput.extend({
  brief: z.string().describe('Text in any language, at most 1 MiB of UTF-8.'),
  files: z.array(fileInput).max(100).optional().describe('20 MiB together.'),
});

export const createProject: Route = (app, context) => {
  app.route({
    method: 'POST',
    url: '/api/v1/projects',
    bodyLimit,
    config: { carriesBrief: true, idempotent: true },
    schema: {
      operationId: 'createProject',
      tags: ['projects'],
      summary: 'Accept a brief and start its first run',
      body: projectInput,
      response: { 202: acceptedSchema, ...problems },
    },
    async handler(request, reply) {
      requireAccounts(context.dispatch);
      const { brief, files = [], ...settings } = request.body;
      checkBrief(brief, 'body.brief');
      const input = { ...readSettings(settings), brief, files: readFiles(files) };
      return acceptOnce(context.store, { request, reply }, (principal, receipt) =>
        context.orchestration.acceptProject(principal, input, receipt),
      );
    },
  });
};
