import { Pool } from 'undici';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import type { UpstreamPolicy } from '../../platform/upstream-address.ts';
import type { WireCall, WireHeaders } from '../../providers/index.ts';
import { createGuardedConnector } from './connect.ts';
import { decodeBody } from './decode-body.ts';
import { hearWriting } from './hear-writing.ts';
import { TransportFailure, wasSent } from './transport-failure.ts';

export interface WireResponse {
  status: number;
  headers: WireHeaders;
  /** Can be read once; reading throws `TransportFailure` when the connection breaks. */
  chunks: AsyncIterable<Buffer>;
}

export interface Transport {
  /**
   * Sends one call over a kept connection. Aborting the signal closes the connection at once. Follows no
   * redirect: the key would follow too. `onSent`: it is being written, which may be after a new connection.
   * @throws TransportFailure; HeadraceError `address_forbidden`; the signal's reason when it aborts
   */
  send(call: WireCall, signal: AbortSignal, onSent?: () => void): Promise<WireResponse>;
  close(): Promise<void>;
}

/** Shorter than any vendor's, so that a kept connection is rarely one that the vendor has just closed. */
const keepAliveMs = 10_000;

export function createTransport(policy: UpstreamPolicy): Transport {
  const pools = new Map<string, Pool>();
  const connect = createGuardedConnector(policy);

  function poolOf(origin: string): Pool {
    let pool = pools.get(origin);
    if (!pool) {
      // Time-outs are the caller's, on its own clock; how many calls run at once is the limiter's.
      pool = new Pool(origin, {
        connect,
        connections: null,
        pipelining: 1,
        allowH2: false,
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: keepAliveMs,
        keepAliveMaxTimeout: keepAliveMs,
      });
      pools.set(origin, pool);
    }
    return pool;
  }

  return {
    async send(call, signal, onSent = () => undefined) {
      const url = new URL(call.url);
      try {
        const wire = poolOf(url.origin).compose(hearWriting(onSent));
        const reply = await wire.request({
          method: call.method,
          path: `${url.pathname}${url.search}`,
          headers: { ...call.headers, 'accept-encoding': 'identity' },
          body: call.body === null ? null : JSON.stringify(call.body),
          signal,
        });
        const encoding = reply.headers['content-encoding'];
        const chunks = readChunks(
          decodeBody(reply.body, typeof encoding === 'string' ? encoding : ''),
          signal,
        );
        return { status: reply.statusCode, headers: reply.headers, chunks };
      } catch (error) {
        throw explain(error, signal);
      }
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}

async function* readChunks(chunks: AsyncIterable<Buffer>, signal: AbortSignal) {
  try {
    yield* chunks;
  } catch (error) {
    throw explain(error, signal);
  }
}

function explain(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  for (let at = error; at instanceof Error; at = at.cause) if (isHeadraceError(at)) return at;
  return new TransportFailure(wasSent(error), error);
}
