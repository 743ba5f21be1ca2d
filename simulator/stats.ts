import type { SimulatedAccount } from './accounts.ts';
import type { Gate } from './limits/gate.ts';
import type { Peak } from './limits/peaks.ts';

export interface AccountStats {
  account: string;
  provider: string;
  requests: number;
  /** Answered with a whole body or stream. */
  completed: number;
  /** Refused for a limit. */
  rate_limited: number;
  /** By status, refusals of any kind. */
  refused: Record<string, number>;
  /** By name, what was injected. */
  faults: Record<string, number>;
  /** By name, how answers were damaged. */
  damage: Record<string, number>;
  input_tokens: number;
  output_tokens: number;
  in_flight: number;
  in_flight_peak: number;
  windows: Peak[];
}

/** What one account's vendor saw of its client. */
export interface Tally {
  request(): void;
  refusal(status: number, limited: boolean): void;
  fault(name: string): void;
  damage(name: string): void;
  begin(): void;
  end(usage: { input: number; output: number }, completed: boolean): void;
  read(): AccountStats;
}

export function createTally(account: SimulatedAccount, gate: Gate): Tally {
  const stats: Omit<AccountStats, 'windows'> = {
    account: account.id,
    provider: account.provider,
    requests: 0,
    completed: 0,
    rate_limited: 0,
    refused: {},
    faults: {},
    damage: {},
    input_tokens: 0,
    output_tokens: 0,
    in_flight: 0,
    in_flight_peak: 0,
  };
  return {
    request() {
      stats.requests += 1;
    },
    refusal(status, limited) {
      stats.refused[status] = (stats.refused[status] ?? 0) + 1;
      if (limited) stats.rate_limited += 1;
    },
    fault(name) {
      stats.faults[name] = (stats.faults[name] ?? 0) + 1;
    },
    damage(name) {
      stats.damage[name] = (stats.damage[name] ?? 0) + 1;
    },
    begin() {
      stats.in_flight += 1;
      stats.in_flight_peak = Math.max(stats.in_flight_peak, stats.in_flight);
    },
    end(usage, completed) {
      stats.in_flight -= 1;
      stats.input_tokens += usage.input;
      stats.output_tokens += usage.output;
      if (completed) stats.completed += 1;
    },
    read: () => ({ ...stats, windows: gate.peaks() }),
  };
}
