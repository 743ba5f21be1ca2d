import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Later files use what earlier ones define. */
const files = [
  'state',
  'windows',
  'meters',
  'pauses',
  'choose',
  'reservations',
  'operations',
  'run',
] as const;

export interface Script {
  source: string;
  /** By which the server knows it (EVALSHA). */
  sha: string;
}

export function loadScript(): Script {
  const folder = new URL('./lua/', import.meta.url);
  const source = files
    .map((file) => readFileSync(new URL(`${file}.lua`, folder), 'utf8'))
    .join('\n');
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
