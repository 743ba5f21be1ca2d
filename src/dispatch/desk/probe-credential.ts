import { type AskedSeat, type AskParts, askVendor, type VendorWord } from './ask-vendor.ts';

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

/** Asks the vendor for its list of models with this key: free everywhere, and counted against no limit of tokens. */
export async function probeCredential(
  parts: AskParts,
  seat: AskedSeat,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const begun = parts.clock.now();
  const { baseUrl } = seat.account;
  const build = (secret: string) => seat.provider.buildProbe({ secret, baseUrl });
  const word = await askVendor(parts, { seat, build }, signal);
  return describeWord(seat.credentialId, word, parts.clock.now() - begun);
}

/** What a vendor's word to a question says of the key that asked. */
export function describeWord(credential: string, word: VendorWord, ms: number): ProbeResult {
  if (word.ok) return { credential, outcome: 'accepted', code: null, message: null, ms };
  const { kind, code, message } = word;
  return { credential, outcome: outcomeOf(kind), code, message, ms };
}

function outcomeOf(kind: (VendorWord & { ok: false })['kind']): ProbeResult['outcome'] {
  if (kind === 'credential') return 'refused';
  // Whoever says that the bill is unpaid or the window full knows whose key it is.
  return kind === 'quota_exhausted' || kind === 'rate_limited' ? 'accepted' : 'unclear';
}
