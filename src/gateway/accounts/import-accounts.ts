import { z } from 'zod';
import { createOnce } from '../server/create-once.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';

const importInput = z.strictObject({
  accounts: z
    .array(z.unknown())
    .min(1)
    .max(1000)
    .describe(
      'Each as the body of addAccount. All are added, or none: `problems` names every fault.',
    ),
  dry_run: z.boolean().default(false).describe('Only checks.'),
});

const imported = z.object({
  dry_run: z.boolean(),
  accounts: z.array(z.object({ id: z.string(), provider: z.string() })),
  warnings: z.array(z.object({ where: z.string(), message: z.string() })),
});

export const importAccounts: Route = (app, { accounts, store }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/accounts/import',
    config: { access: 'admin', idempotent: true },
    schema: {
      operationId: 'importAccounts',
      tags: ['accounts'],
      summary: 'Add many accounts, all or none',
      body: importInput,
      response: { 200: imported, ...problems },
    },
    async handler(request, reply) {
      const { accounts: written, dry_run } = request.body;
      return createOnce<z.infer<typeof imported>>(
        store,
        { request, reply },
        {
          status: 200,
          create: async () => ({ dry_run, ...(await accounts.add(written, { dryRun: dry_run })) }),
        },
      );
    },
  });
};
