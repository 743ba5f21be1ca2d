import swagger from '@fastify/swagger';
import type { FastifySchema, RouteOptions } from 'fastify';
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from 'fastify-type-provider-zod';
import type { GatewayApp } from '../server/gateway-app.ts';

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
          key: { type: 'http', scheme: 'bearer', description: 'A key, or a token of /token.' },
          x_api_key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          x_goog_api_key: { type: 'apiKey', in: 'header', name: 'x-goog-api-key' },
        },
      },
      security: [{ key: [] }, { x_api_key: [] }, { x_goog_api_key: [] }],
    },
    transform: (document) => {
      const { schema, url } = transformSchemas(document);
      const described = { ...schema, ...describeRoute(document.route) } as FastifySchema;
      return nameWildcard({ schema: nameResponses(described), url });
    },
    transformObject: (document) => dropUnused(addSchemas(document)),
  });
}

const transformSchemas = createJsonSchemaTransform({});
const addSchemas = createJsonSchemaTransformObject({});

const idempotencyKey = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  description: 'The same key and body within 24 hours create once and are answered alike.',
};

// Not a schema of the route: Fastify would strip every header that it does not name.
function describeRoute({ config }: RouteOptions): object {
  return {
    ...(config?.access === 'public' ? { security: [] } : {}),
    ...(config?.idempotent
      ? { headers: { type: 'object', properties: { 'Idempotency-Key': idempotencyKey } } }
      : {}),
  };
}

const meanings: Record<string, string> = {
  200: 'The answer.',
  201: 'Created.',
  202: 'Accepted: durable, and going on by itself.',
  204: 'Done; no body.',
  503: 'Not now.',
};

function nameResponses(schema: FastifySchema): FastifySchema {
  const responses = Object.entries((schema.response ?? {}) as Record<string, object>);
  const named = responses.map(([status, response]) => [
    status,
    { description: meanings[status] ?? status, ...response },
  ]);
  return { ...schema, response: Object.fromEntries(named) };
}

type Described = ReturnType<typeof transformSchemas>;

/** OpenAPI has no wildcard: Fastify's `*` is shown as the parameter `path`. */
function nameWildcard({ schema, url }: Described): Described {
  const params = schema?.params as { properties?: Record<string, unknown> } | undefined;
  if (!url.endsWith('/*') || !params?.properties) return { schema, url };
  const { '*': path, ...properties } = params.properties;
  const named = { type: 'object', properties: { ...properties, path } };
  return { schema: { ...schema, params: named }, url: url.replace(/\*$/, ':path') };
}

type ApiDocument = ReturnType<typeof addSchemas>;

/** Every named schema is made for input and for output; what no route refers to is left out. */
function dropUnused(document: ApiDocument): ApiDocument {
  if (!('components' in document) || !document.components?.schemas) return document;
  const text = JSON.stringify(document);
  const used = Object.entries(document.components.schemas).filter(([name]) =>
    text.includes(`"#/components/schemas/${name}"`),
  );
  return {
    ...document,
    components: { ...document.components, schemas: Object.fromEntries(used) },
  } as ApiDocument;
}
