import { type Account, openCredential } from '../../accounts/index.ts';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Failure, Provider } from '../../providers/index.ts';
import { createCallSignal } from '../cut-off.ts';
import type { DispatchDeps } from '../dispatch-deps.ts';
import type { DispatchParts } from '../dispatch-parts.ts';

/**
 * `accepted`: the vendor took the key. `refused`: it did not. `unclear`: it did not say (trouble, a limit,
 * no list of models); a real call is then the trial.
 */
export interface ProbeResult {
  credential: string;
  outcome: 'accepted' | 'refused' | 'unclear';
  /** The vendor's code, `null` where it accepted. */
  code: string | null;
  message: string | null;
  ms: number;
}

export type ProbeParts = Pick<DispatchParts, 'clock' | 'transportFor'> &
  Pick<DispatchDeps, 'store' | 'vault'>;

const patienceMs = 10_000;

/** Asks the vendor for its list of models with this key: free everywhere, and counted against no limit of tokens. */
export async function probeCredential(
  parts: ProbeParts,
  seat: { account: Account; provider: Provider; credentialId: string },
  signal: AbortSignal,
): Promise<ProbeResult> {
  const { clock } = parts;
  const { account, provider, credentialId } = seat;
  const begun = clock.now();
  const bounds = createCallSignal(clock, { caller: signal, deadlineAt: begun + patienceMs });
  const end = (
    outcome: ProbeResult['outcome'],
    failure: Pick<Failure, 'code' | 'message'> | null,
  ) => ({
    credential: credentialId,
    outcome,
    code: failure?.code ?? null,
    message: failure?.message ?? null,
    ms: clock.now() - begun,
  });
  try {
    const secret = await openCredential(parts, { accountId: account.id, credentialId });
    const call = provider.buildProbe({ secret, baseUrl: account.baseUrl });
    const response = await parts.transportFor(account).send(call, bounds.signal);
    const body = await readText(response.chunks);
    if (response.status >= 200 && response.status <= 299) return end('accepted', null);
    const { status, headers } = response;
    const reading = provider.readReply({ status, headers, body, secret }, clock.now());
    if (reading.ok) return end('accepted', null);
    return end(outcomeOf(reading.failure), reading.failure);
  } catch (error) {
    if (signal.aborted) throw error;
    // The key was not judged: a silent or unreachable host says nothing about it.
    const code = isHeadraceError(error) ? error.code : 'unreachable';
    const message = isHeadraceError(error) ? error.message : 'The provider did not answer.';
    return end('unclear', { code, message });
  } finally {
    bounds.release();
  }
}

function outcomeOf({ kind }: Failure): ProbeResult['outcome'] {
  if (kind === 'credential') return 'refused';
  // Whoever says that the bill is unpaid or the window full knows whose key it is.
  return kind === 'quota_exhausted' || kind === 'rate_limited' ? 'accepted' : 'unclear';
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
