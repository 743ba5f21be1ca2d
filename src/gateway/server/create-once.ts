import type { FastifyReply, FastifyRequest } from 'fastify';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { JsonObject } from '../../platform/json.ts';
import type { Store, Tx } from '../../platform/store/store.ts';
import { callerOf } from './authenticate.ts';
import {
  type Answer,
  type ClaimedKey,
  claimKey,
  completeKey,
  releaseKey,
} from './idempotency-keys.ts';

export interface Creation<Body extends object> {
  status: number;
  /**
   * Does what the request asks. `complete` stores the answer within the transaction that creates;
   * where it was not called, the answer is stored when this resolves.
   */
  create(complete: (tx: Tx, body: object) => Promise<void>): Promise<Body>;
  /** What of the answer may be kept and replayed; all of it where omitted. */
  redact?(body: Body): object;
}

/**
 * Creates at most once per tenant, route and `Idempotency-Key` within 24 hours, and answers every
 * repetition alike. Throws `idempotency_in_progress`, and `idempotency_conflict` for another body.
 */
export async function createOnce<Body extends object>(
  store: Store,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  creation: Creation<Body>,
): Promise<Body> {
  reply.code(creation.status);
  const key = readKey(request);
  if (key === undefined) return creation.create(async () => undefined);
  const [path = ''] = request.url.split('?');
  const claim = await claimKey(store, {
    tenantId: callerOf(request).principal.tenantId,
    route: `${request.method} ${path}`,
    key,
    bodyHash: request.bodyHash,
  });
  if ('claimedAt' in claim) return createClaimed(store, claim, creation);
  reply.header('headrace-idempotent-replay', 'true').code(claim.status);
  return replayed<Body>(claim);
}

async function createClaimed<Body extends object>(
  store: Store,
  claim: ClaimedKey,
  { status, create, redact }: Creation<Body>,
): Promise<Body> {
  let completed = false;
  const complete = async (tx: Tx, body: object) => {
    await completeKey(tx, claim, { status, body: body as JsonObject });
    completed = true;
  };
  try {
    const body = await create(complete);
    if (!completed) {
      const kept = redact ? redact(body) : body;
      await store.transaction({ tenantId: claim.tenantId }, (tx) => complete(tx, kept));
    }
    return body;
  } catch (error) {
    // Where even this fails the key becomes free by itself after a minute; the first error matters more.
    await releaseKey(store, claim).catch(() => undefined);
    throw error;
  }
}

// What was stored is what this route answered: its type is known by the route, not by the table.
function replayed<Body extends object>(answer: Answer): Body {
  return answer.body as Body;
}

function readKey(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new HeadraceError('request_invalid', {
    message: 'The Idempotency-Key is not 1 to 255 visible ASCII characters.',
    where: 'header.idempotency-key',
  });
}
