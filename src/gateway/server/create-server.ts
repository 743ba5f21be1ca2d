import { createHash } from 'node:crypto';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { createId } from '../../platform/ids.ts';
import { authenticateRequest } from './authenticate.ts';
import type { GatewayApp, GatewayContext } from './gateway-app.ts';
import { parseJsonBody } from './parse-json-body.ts';
import { refuseConnection } from './refuse-connection.ts';
import { createRouteTable } from './route-table.ts';
import { securityHeaders } from './security-headers.ts';
import { sendFailure } from './send-failure.ts';
import { acceptRequestId, continueTrace } from './trace-context.ts';
import { validateRequest } from './validate-request.ts';

const mebibyte = 1 << 20;
/** Of bodies whose route names no other limit. */
const bodyLimit = mebibyte;
const maxConnections = 10_000;
const timeouts = {
  /** For the headers of a request: a client that dribbles them holds a socket no longer. */
  headersTimeout: 15_000,
  /** For a whole request with its body, up to 32 MiB over a slow line. */
  requestTimeout: 120_000,
  /** Above the 60 s of common proxies, so that the proxy closes first and no request meets a closed socket. */
  keepAliveTimeout: 72_000,
};

/** Fastify with everything that holds for every route: parsing, shapes of errors, identity, headers, limits. */
export function createServer(context: GatewayContext): GatewayApp {
  const app = fastify({
    ...timeouts,
    bodyLimit,
    http: { headersTimeout: timeouts.headersTimeout },
    forceCloseConnections: 'idle',
    genReqId: (raw) => acceptRequestId(raw.headers['x-request-id']) ?? createId('req'),
    requestIdHeader: false,
    routerOptions: { maxParamLength: 1_024 },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => {
      begin(context, request as FastifyRequest, reply as FastifyReply);
      sendFailure(context.log, error, {
        request: request as FastifyRequest,
        reply: reply as FastifyReply,
      });
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = maxConnections;
  app.setValidatorCompiler(validateRequest);
  // Answers are typed against their schemas at build time; a mismatch at run time must not cost the answer.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  readBodies(app);
  addHooks(app, context);
  answerFailures(app, context);
  return app;
}

function readBodies(app: GatewayApp): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
    request.bodyHash = createHash('sha256').update(bytes).digest('hex');
    try {
      requireUtf8(request.headers['content-type']);
      done(null, parseJsonBody(bytes, request.routeOptions.config.carriesBrief === true));
    } catch (error) {
      done(error as Error);
    }
  });
}

function requireUtf8(contentType = ''): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  if (/^utf-?8$/i.test(charset)) return;
  throw new HeadraceError('unsupported_media_type', { message: 'JSON is read as UTF-8 only.' });
}

function addHooks(app: GatewayApp, context: GatewayContext): void {
  app.decorateRequest('receivedAt', 0);
  app.decorateRequest('traceId', '');
  app.decorateRequest('caller', null);
  app.decorateRequest('bodyHash', 'none');
  app.addHook('onRequest', async (request, reply) => {
    begin(context, request, reply);
    await authenticateRequest(context.auth, request);
  });
  app.addHook('onResponse', async (request, reply) => {
    context.log.info('request.ended', {
      request_id: request.id,
      trace_id: request.traceId,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: context.clock.now() - request.receivedAt,
    });
  });
}

function begin(context: GatewayContext, request: FastifyRequest, reply: FastifyReply): void {
  request.receivedAt = context.clock.now();
  request.traceId = continueTrace(request.headers['traceparent']);
  reply.headers({ ...securityHeaders, 'x-request-id': request.id });
}

function answerFailures(app: GatewayApp, { log }: GatewayContext): void {
  const table = createRouteTable();
  app.addHook('onRoute', ({ method, url }) => table.add(method, url));
  app.setErrorHandler((error, request, reply) => sendFailure(log, error, { request, reply }));
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?');
    const methods = table.methodsOf(path);
    if (methods.length > 0) reply.header('allow', methods.join(', '));
    const failure =
      methods.length > 0
        ? new HeadraceError('method_not_allowed', { where: path })
        : new HeadraceError('not_found', {
            message: 'There is no such route.',
            fix: 'See /openapi.json for the routes.',
          });
    return sendFailure(log, failure, { request, reply });
  });
}
