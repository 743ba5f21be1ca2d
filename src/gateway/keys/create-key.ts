import { z } from 'zod';
import { callerOf } from '../server/authenticate.ts';
import { createOnce } from '../server/create-once.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { keySchema, writeKey } from './key-schema.ts';

const keyInput = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[^\p{C}]+$/u, 'expected a name without control characters'),
  role: z.enum(['admin', 'member']).default('member'),
});

const createdKeySchema = keySchema.extend({
  key: z
    .string()
    .nullable()
    .describe('Shown once; null where the answer is replayed for an Idempotency-Key.'),
});
type CreatedKey = z.infer<typeof createdKeySchema>;

export const createKey: Route = (app, { auth, store }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/keys',
    config: { access: 'admin', idempotent: true },
    schema: {
      operationId: 'createKey',
      tags: ['administration'],
      summary: 'Create a key; it is shown this once',
      body: keyInput,
      response: { 201: createdKeySchema, ...problems },
    },
    async handler(request, reply) {
      const { principal } = callerOf(request);
      return createOnce<CreatedKey>(
        store,
        { request, reply },
        {
          status: 201,
          async create() {
            const created = await auth.createKey(principal, request.body);
            return { ...writeKey(created), key: created.key };
          },
          // Only the hash of a key may lie in the store, so that a copy of the database opens nothing.
          redact: (created) => ({ ...created, key: null }),
        },
      );
    },
  });
};
