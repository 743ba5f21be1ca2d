import swagger from '@fastify/swagger';
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from 'fastify-type-provider-zod';
import type { Access, GatewayApp } from '../server/gateway-app.ts';

const description = `A self-hosted gateway and project orchestrator for language models.
Names are snake_case, times are ISO 8601, amounts are USD. Every route but health, docs and \`/token\`
asks for a key or token. Every POST that creates takes an \`Idempotency-Key\` (24 hours).`;

/** Must be awaited before the first route is added: it collects them as they come. */
export async function describeApi(app: GatewayApp): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Headrace', version: '1', description, license: { name: 'Apache-2.0' } },
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description: 'A key (hr_…) or a token of /token.',
          },
          x_api_key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          x_goog_api_key: { type: 'apiKey', in: 'header', name: 'x-goog-api-key' },
        },
      },
      security: [{ key: [] }, { x_api_key: [] }, { x_goog_api_key: [] }],
    },
    transform: (document) => {
      const described = transformSchemas(document);
      const access: Access = document.route.config?.access ?? 'member';
      return { ...described, schema: { ...described.schema, ...securityOf(access) } };
    },
    transformObject: createJsonSchemaTransformObject({}),
  });
}

const transformSchemas = createJsonSchemaTransform({});

function securityOf(access: Access): { security?: [] } {
  return access === 'public' ? { security: [] } : {};
}
