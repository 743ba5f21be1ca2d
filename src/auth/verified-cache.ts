import { createHash } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { Principal } from './auth.ts';

/** Who was behind a key or token a moment ago. */
export interface VerifiedCache {
  read(credential: string): Principal | undefined;
  /** Never beyond `expiresAt` (epoch ms), where the credential itself ends. */
  keep(credential: string, principal: Principal, expiresAt?: number): void;
  /** Forgets everyone: somebody was revoked or disabled. */
  clear(): void;
}

/** So long does another process accept what was revoked here. */
const lifetimeMs = 5_000;
const maxEntries = 10_000;

export function createVerifiedCache(clock: Clock): VerifiedCache {
  const entries = new Map<string, { principal: Principal; until: number }>();
  return {
    read(credential) {
      const entry = entries.get(digest(credential));
      return entry !== undefined && clock.now() < entry.until ? entry.principal : undefined;
    },
    keep(credential, principal, expiresAt = Number.POSITIVE_INFINITY) {
      // The oldest goes first; a Map keeps the order of insertion.
      const [oldest] = entries.keys();
      if (entries.size >= maxEntries && oldest !== undefined) entries.delete(oldest);
      const until = Math.min(clock.now() + lifetimeMs, expiresAt);
      entries.set(digest(credential), { principal, until });
    },
    clear: () => entries.clear(),
  };
}

// Of the whole credential: a cache keyed by the beginning of tokens once made two people one
// (CVE-2026-35030).
function digest(credential: string): string {
  return createHash('sha256').update(credential).digest('base64');
}
