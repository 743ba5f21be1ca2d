import type { Answering, CallOutcome } from '../../dispatch/index.ts';
import type { Principal } from '../../orchestration/index.ts';

/**
 * Who answered, in our own headers. The account is for administrators: its name may tell of another
 * team. The cost is known only when the call has ended, so a stream has none.
 */
export function describeCall(
  call: Answering & Partial<Pick<CallOutcome, 'costNanoUsd'>>,
  { role }: Pick<Principal, 'role'>,
): Record<string, string> {
  const { costNanoUsd } = call;
  return {
    'headrace-provider': call.provider,
    'headrace-model': headerText(call.model),
    'headrace-attempts': String(call.attempts),
    ...(role === 'admin' ? { 'headrace-account': headerText(call.accountId) } : {}),
    ...(call.simulated ? { 'headrace-simulated': 'true' } : {}),
    ...(typeof costNanoUsd === 'number' ? { 'headrace-cost-usd': writeUsd(costNanoUsd) } : {}),
  };
}

/** Exact, without an exponent: 1234 → `0.000001234`. */
function writeUsd(nanoUsd: number): string {
  const digits = String(nanoUsd).padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, '');
}

// Names come from configuration; a header that Node refuses would cost the answer.
function headerText(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, '?');
}
