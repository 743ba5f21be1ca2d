import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Later files use what earlier ones define. */
const files = [
  'state',
  'windows',
  'meters',
  'learn',
  'pauses',
  'choose',
  'turns',
  'reservations',
  'operations',
  'run',
] as const;

export interface Library {
  source: string;
  /** Of the library and of its one function (FCALL); versions beside each other have different names. */
  name: string;
}

export function loadLibrary(): Library {
  const folder = new URL('./lua/', import.meta.url);
  const code = files.map((file) => readFileSync(new URL(`${file}.lua`, folder), 'utf8')).join('\n');
  const name = `headrace_${createHash('sha1').update(code).digest('hex').slice(0, 16)}`;
  return { name, source: `#!lua name=${name}\nlocal library = '${name}'\n${code}` };
}
