import { z } from 'zod';
import type { AccountListing } from '../gateway-deps.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';

const accountSchema = z.object({
  id: z.string(),
  provider: z.string(),
  managed_by: z.string(),
  owner_email: z.string().nullable(),
  entitlement: z.string().nullable(),
  models: z.array(z.string()),
  state: z.string(),
  state_until: z.string().nullable(),
  simulated: z.boolean(),
}) satisfies z.ZodType<AccountListing>;

export const listAccounts: Route = (app, context) => {
  app.route({
    method: 'GET',
    url: '/api/v1/accounts',
    config: { access: 'admin' },
    schema: {
      operationId: 'listAccounts',
      tags: ['administration'],
      summary: 'List the provider accounts and their state, without their credentials',
      response: {
        200: z.object({ data: z.array(accountSchema), next_cursor: z.null() }),
        ...problems,
      },
    },
    async handler() {
      const accounts = await context.listAccounts();
      // Parsed on the way out: a field that is not listed above, a secret above all, stays inside.
      return { data: accounts.map((account) => accountSchema.parse(account)), next_cursor: null };
    },
  });
};
