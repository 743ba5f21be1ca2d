import { lookup as resolveName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { judgeUpstreamAddress, type UpstreamPolicy } from '../../platform/upstream-address.ts';

const connectMs = 10_000;

/**
 * Connects only to addresses that the policy allows, judged after the name was resolved: DNS may have
 * answered differently when the account was saved (CWE-918, CWE-367).
 */
export function createGuardedConnector(policy: UpstreamPolicy): buildConnector.connector {
  const plain = buildConnector({ timeout: connectMs, lookup: guardedLookup(policy, false) });
  const secure = buildConnector({ timeout: connectMs, lookup: guardedLookup(policy, true) });
  return (options, callback) => {
    const isSecure = options.protocol === 'https:';
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // An address needs no lookup, so the lookup's judgement would be skipped.
    if (isIP(host) !== 0) {
      const refusal = refusalOf([{ address: host }], { policy, secure: isSecure });
      if (refusal) {
        callback(refusal, null);
        return;
      }
    }
    (isSecure ? secure : plain)(options, callback);
  };
}

function guardedLookup(policy: UpstreamPolicy, secure: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      const refusal = error ?? refusalOf(addresses, { policy, secure });
      const [first] = addresses ?? [];
      if (refusal || !first) callback(refusal ?? new Error('no address'), '');
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** One forbidden address among several refuses the name: which of them is connected is not ours to say. */
function refusalOf(
  addresses: readonly { address: string }[],
  rule: { policy: UpstreamPolicy; secure: boolean },
): Error | null {
  try {
    for (const { address } of addresses) judgeUpstreamAddress(address, rule);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error('The address was refused.');
  }
}
