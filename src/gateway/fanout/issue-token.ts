import { parse } from 'node:querystring';
import formbody from '@fastify/formbody';
import { z } from 'zod';
import { problems } from '../server/document-failures.ts';
import type { GatewayApp, GatewayContext, Route } from '../server/gateway-app.ts';

const name = z.string().min(1).max(256);

const loginInput = z
  .strictObject({
    username: name.optional(),
    user: name.optional().describe('The same as username.'),
    password: z.string().min(1).max(1_024),
    grant_type: z.literal('password').optional().describe('Sent by OAuth 2 clients.'),
    scope: z.string().max(1_024).optional().describe('Sent by OAuth 2 clients; not read.'),
  })
  .refine(({ username, user }) => (username === undefined) !== (user === undefined), {
    message: 'exactly one of username and user is needed',
    path: ['username'],
  });

const tokenSchema = z.object({
  access_token: z.string().describe('A JWT with exp, iss and aud.'),
  token_type: z.literal('bearer'),
  expires_in: z.int().describe('Seconds.'),
});

/** In a scope of its own: forms are read here and nowhere else. */
export const issueToken: Route = (app, context) => {
  app.register(async (scope: GatewayApp) => {
    await scope.register(formbody, { bodyLimit: 16_384, parser: readForm });
    routeToken(scope, context);
  });
};

// Null-prototype, as `querystring` makes it; a field given twice becomes an array, which the schema refuses.
function readForm(text: string): Record<string, unknown> {
  return parse(text);
}

function routeToken(app: GatewayApp, { auth }: GatewayContext): void {
  app.route({
    method: 'POST',
    url: '/token',
    bodyLimit: 16_384,
    config: { access: 'public' },
    schema: {
      operationId: 'issueToken',
      tags: ['fan-out'],
      summary: 'Exchange a user name and password for a token',
      consumes: ['application/json', 'application/x-www-form-urlencoded'],
      body: loginInput,
      response: { 200: tokenSchema, ...problems },
    },
    async handler(request) {
      const { username, user, password } = request.body;
      const { token, expiresIn } = await auth.issueToken({
        name: username ?? user ?? '',
        password,
      });
      return { access_token: token, token_type: 'bearer' as const, expires_in: expiresIn };
    },
  });
}
