import { z } from 'zod';
import type { RunOverrides } from '../../orchestration/index.ts';
import { acceptOnce } from '../server/accept-once.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { requireAccounts } from '../server/require-accounts.ts';
import { acceptedSchema } from './accepted-schema.ts';
import { readSettings, settingsInput } from './project-settings.ts';

const taskOverrides = z.strictObject({
  model: z.string().min(1).max(256).optional(),
  instruction: z.string().min(1).max(65_536).optional(),
  max_tokens: z.int().positive().optional(),
});

const overridesInput = settingsInput.extend({
  tasks: z
    .record(z.string().max(64), taskOverrides)
    .optional()
    .describe("By task id or by the planner's key, such as t1."),
});

const runInput = z.strictObject({
  from_run: z.string().max(128).optional().describe("The project's latest run where omitted."),
  from_task: z
    .string()
    .max(128)
    .optional()
    .describe('This task and all that depends on it run again; everything, where omitted.'),
  overrides: overridesInput.optional(),
});

export const createRun: Route = (app, context) => {
  app.route({
    method: 'POST',
    url: '/api/v1/projects/:id/runs',
    config: { idempotent: true },
    schema: {
      operationId: 'createRun',
      tags: ['projects'],
      summary: 'Run a project again, wholly or from one task on',
      params: idParams,
      body: runInput.optional(),
      response: { 202: acceptedSchema, ...problems },
    },
    async handler(request, reply) {
      requireAccounts(context.dispatch);
      const { from_run: fromRun, from_task: fromTask, overrides } = request.body ?? {};
      const input = {
        projectId: request.params.id,
        fromRun,
        fromTask,
        overrides: overrides && readOverrides(overrides),
      };
      return acceptOnce(context.store, { request, reply }, (principal, receipt) =>
        context.orchestration.rerun(principal, input, receipt),
      );
    },
  });
};

function readOverrides({ tasks = {}, ...settings }: z.infer<typeof overridesInput>): RunOverrides {
  const byTask = Object.entries(tasks).map(([id, { max_tokens: maxTokens, ...rest }]) => [
    id,
    { ...rest, maxTokens },
  ]);
  return { settings: readSettings(settings), tasks: Object.fromEntries(byTask) };
}
