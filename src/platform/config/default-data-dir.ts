import { isAbsolute, join } from 'node:path';
import type { Machine } from './machine.ts';

const systemDir = '/var/lib/headrace';

/** Where data lives when nobody says: the system's place for a service, a person's own otherwise. */
export function defaultDataDir(env: NodeJS.ProcessEnv, machine: Machine): string {
  if (machine.isRoot) return systemDir;
  // A development container runs as an ordinary user who may not write there.
  if (machine.inContainer && machine.canWrite(systemDir)) return systemDir;
  const state = env['XDG_STATE_HOME'];
  // The XDG specification tells to ignore a relative path.
  const base = state && isAbsolute(state) ? state : join(machine.home, '.local', 'state');
  return join(base, 'headrace');
}
