import type { LimitedAccount } from './limiter.ts';

/**
 * How strongly a conversation is drawn to an account; conversations spread in the proportion of the
 * accounts' weights (weighted rendezvous hashing, Schindelhauer & Schomaker 2005). Above 0.
 */
export function rendezvousWeight(
  affinity: string,
  { id, weight = 1 }: Pick<LimitedAccount, 'id' | 'weight'>,
): number {
  return weight / -Math.log((hashOf(affinity, id) + 0.5) / 2 ** 32);
}

/** FNV-1a over both names with a final mix (Murmur3), in 0..2^32. */
function hashOf(affinity: string, accountId: string): number {
  const text = `${affinity}\n${accountId}`;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
