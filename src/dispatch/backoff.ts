import type { Random } from '../platform/random.ts';

const firstMs = 250;
const longestMs = 8_000;

/** Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), in ms; `tries` from 1. */
export function backoffMs(random: Random, tries: number): number {
  return Math.ceil(random.next() * Math.min(longestMs, firstMs * 2 ** (tries - 1)));
}
