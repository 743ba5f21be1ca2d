import { z } from 'zod';
import { callerOf } from '../server/authenticate.ts';
import { createOnce } from '../server/create-once.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { userSchema, writeUser } from './user-schema.ts';

const userInput = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u, 'expected a name without control characters'),
  password: z.string().min(8).max(1_024),
  role: z.enum(['admin', 'member']).default('member'),
});

export const addUser: Route = (app, { auth, store }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/users',
    config: { access: 'admin', idempotent: true },
    schema: {
      operationId: 'addUser',
      tags: ['administration'],
      summary: 'Add a user',
      body: userInput,
      response: { 201: userSchema, ...problems },
    },
    async handler(request, reply) {
      const { principal } = callerOf(request);
      return createOnce(
        store,
        { request, reply },
        {
          status: 201,
          create: async () => writeUser(await auth.addUser(principal, request.body)),
        },
      );
    },
  });
};
