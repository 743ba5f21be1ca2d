import { type Account, openCredential } from '../../accounts/index.ts';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Failure, Provider, WireCall } from '../../providers/index.ts';
import { createCallSignal } from '../cut-off.ts';
import type { DispatchDeps } from '../dispatch-deps.ts';
import type { DispatchParts } from '../dispatch-parts.ts';

export type AskParts = Pick<DispatchParts, 'clock' | 'transportFor'> &
  Pick<DispatchDeps, 'store' | 'vault'>;

export interface AskedSeat {
  account: Account;
  provider: Provider;
  credentialId: string;
}

/** What a vendor said to a small question; `kind` is `null` where it said nothing at all. */
export type VendorWord =
  | { ok: true; body: string }
  | { ok: false; kind: Failure['kind'] | null; code: string; message: string };

const patienceMs = 10_000;

/**
 * Asks with one key what costs nothing: `build` writes the question once the key is lent.
 * Rejects only when `signal` ends it.
 */
export async function askVendor(
  parts: AskParts,
  { seat, build }: { seat: AskedSeat; build: (secret: string) => WireCall },
  signal: AbortSignal,
): Promise<VendorWord> {
  const { clock } = parts;
  const { account, provider, credentialId } = seat;
  const bounds = createCallSignal(clock, {
    caller: signal,
    deadlineAt: clock.now() + patienceMs,
  });
  try {
    const secret = await openCredential(parts, { accountId: account.id, credentialId });
    const response = await parts.transportFor(account).send(build(secret), bounds.signal);
    const body = await readText(response.chunks);
    const { status, headers } = response;
    if (status >= 200 && status <= 299) return { ok: true, body };
    const reading = provider.readReply({ status, headers, body, secret }, clock.now());
    return reading.ok ? { ok: true, body } : { ok: false, ...reading.failure };
  } catch (error) {
    if (signal.aborted) throw error;
    const code = isHeadraceError(error) ? error.code : 'unreachable';
    const message = isHeadraceError(error) ? error.message : 'The provider did not answer.';
    return { ok: false, kind: null, code, message };
  } finally {
    bounds.release();
  }
}

/** A list of models is some hundred KB at most; a host that sends without end is cut off. */
const mostBytes = 4_000_000;

async function readText(chunks: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) break;
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}
