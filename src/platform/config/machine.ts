import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';

/** What the configuration asks of the machine it is read on. */
export interface Machine {
  isRoot: boolean;
  inContainer: boolean;
  home: string;
  /** The text of a file, or `null` where there is none; throws what the file system throws otherwise. */
  readText(path: string): string | null;
  /** Whether this user could write into `path`, were it made. */
  canWrite(path: string): boolean;
}

/** Larger than any configuration written by hand; a wrong path must not read a disk image into memory. */
const maxFileBytes = 1_048_576;

export function thisMachine(env: NodeJS.ProcessEnv): Machine {
  return {
    isRoot: process.getuid?.() === 0,
    inContainer:
      existsSync('/.dockerenv') ||
      existsSync('/run/.containerenv') ||
      Boolean(env['KUBERNETES_SERVICE_HOST']) ||
      Boolean(env['container']),
    home: env['HOME'] || homedir(),
    readText,
    canWrite,
  };
}

function readText(path: string): string | null {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts) return null;
  if (!facts.isFile()) throw new Error('it is not a file');
  if (facts.size > maxFileBytes) throw new Error('it is larger than 1 MiB');
  return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
}

function canWrite(path: string): boolean {
  let existing = path;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
