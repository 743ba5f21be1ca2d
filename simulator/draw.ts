import { createHash } from 'node:crypto';

/**
 * Randomness without a sequence: every number is a hash of what it is for, so it does not depend on
 * the order in which requests arrive. Uniform in [0, 1).
 */
export function draw(...about: readonly (string | number)[]): number {
  return Number.parseInt(digest(...about).slice(0, 12), 16) / 2 ** 48;
}

/** One of `choices`, by the same rule. */
export function pick<T>(choices: readonly [T, ...T[]], ...about: readonly (string | number)[]): T {
  return choices[Math.floor(draw(...about) * choices.length)] ?? choices[0];
}

/** 40 hexadecimal digits of what is given; the parts cannot run into each other. */
export function digest(...about: readonly (string | number)[]): string {
  return createHash('sha1').update(JSON.stringify(about)).digest('hex');
}
