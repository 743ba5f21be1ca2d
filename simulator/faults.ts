import { z } from 'zod';
import type { SimulatedAccount } from './accounts.ts';
import { draw } from './draw.ts';
import { providerNames } from './models.ts';

/** What can go wrong with a call on the wire. */
export const wireFaults = [
  'rate_limited',
  'rate_limited_bare',
  'overloaded',
  'unavailable',
  'server_error',
  'revoked_credential',
  'slow_first_token',
  'hang',
  'cut_stream',
  'malformed_json',
  'wrong_content_type',
] as const;
export type WireFault = (typeof wireFaults)[number];

const rate = z.number().min(0).max(1);

/** What `faults` and `POST /_simulator/faults` take; a table that is left out stays as it was. */
export const faultSettings = z.strictObject({
  /** Share of calls that meet each fault; at most one fault per call. */
  rates: z.partialRecord(z.enum(wireFaults), rate).optional(),
  /** Only these vendors' calls meet faults. */
  providers: z.array(z.enum(providerNames)).optional(),
  /** Accounts whose secret is refused from now on. */
  revoked: z.array(z.string()).optional(),
  /** Accounts whose money is used up from now on. */
  unpaid: z.array(z.string()).optional(),
});
export type FaultSettings = z.infer<typeof faultSettings>;

type CompleteSettings = { [Name in keyof FaultSettings]-?: NonNullable<FaultSettings[Name]> };

export interface Faults {
  /**
   * The fault of the call with this content, if any. The n-th call with the same content draws
   * anew, so that a retry can succeed, and the outcome does not depend on other calls.
   */
  drawFor(account: SimulatedAccount, content: string): WireFault | undefined;
  isRevoked(account: SimulatedAccount): boolean;
  revoke(account: SimulatedAccount): void;
  isUnpaid(account: SimulatedAccount): boolean;
  configure(settings: FaultSettings): FaultSettings;
}

export function createFaults(seed: string, initial: FaultSettings = {}): Faults {
  let settings: CompleteSettings = {
    rates: {},
    providers: [...providerNames],
    revoked: [],
    unpaid: [],
    ...dropUndefined(initial),
  };
  const seen = new Map<string, number>();
  return {
    drawFor(account, content) {
      const rates = Object.entries(settings.rates);
      if (rates.length === 0 || !settings.providers.includes(account.provider)) return undefined;
      const turn = (seen.get(content) ?? 0) + 1;
      seen.set(content, turn);
      let left = draw(seed, 'fault', content, turn);
      for (const fault of wireFaults) {
        left -= settings.rates[fault] ?? 0;
        if (left < 0) return fault;
      }
      return undefined;
    },
    isRevoked: (account) => settings.revoked.includes(account.id),
    revoke(account) {
      settings = { ...settings, revoked: [...settings.revoked, account.id] };
    },
    isUnpaid: (account) => settings.unpaid.includes(account.id),
    configure(change) {
      settings = { ...settings, ...dropUndefined(change) };
      return settings;
    },
  };
}

function dropUndefined(settings: FaultSettings): Partial<CompleteSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
