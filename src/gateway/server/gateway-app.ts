import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Principal } from '../../orchestration/index.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { RunHints } from '../runs/run-hints.ts';

export type GatewayApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What routes need beyond the gateway's dependencies. */
export interface GatewayContext extends GatewayDeps {
  runHints: RunHints;
  /** Aborted when the gateway begins to close: streams that could last for ever end. */
  stopping: AbortSignal;
  /** Aborted when the grace is over: whatever still runs is given up. */
  abandoning: AbortSignal;
}

export type Route = (app: GatewayApp, context: GatewayContext) => void;

/** Who may use a route; `member` where it says nothing. */
export type Access = 'public' | 'member' | 'admin';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** The body holds a brief: bytes that are no text are `brief_not_text`. */
    carriesBrief?: boolean;
    /** It creates, through `createOnce`. */
    idempotent?: boolean;
  }

  interface FastifyRequest {
    /** Epoch ms. */
    receivedAt: number;
    traceId: string;
    /** `null` on public routes. */
    caller: Caller | null;
    /** SHA-256 of the body's bytes, in hex; of no bytes where there was no body. */
    bodyHash: string;
  }
}

export interface Caller {
  principal: Principal;
  method: string;
}
