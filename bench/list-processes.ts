import { readdirSync, readFileSync } from 'node:fs';

/** The pids whose command line or working directory names `needle`, and everything they started. */
export function listProcesses(root: number, needle: string): number[] {
  const parents = new Map<number, number>();
  const named = new Set<number>([root]);
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(needle)) named.add(pid);
    } catch {
      // The process ended meanwhile.
    }
  }
  const belongs = (pid: number): boolean => {
    for (let at = pid; at > 1; at = parents.get(at) ?? 0) if (named.has(at)) return true;
    return false;
  };
  return [...parents.keys()].filter(belongs);
}
