import { nextMidnight } from '../next-midnight.ts';

const dayMs = 86_400_000;
const before = 3;
const after = 3;

/** Midnights of each zone around `now`, ascending: the script knows no zones, and asks about these days only. */
export function createMidnights(): (
  zones: ReadonlySet<string>,
  now: number,
) => Record<string, number[]> {
  let known: Record<string, number[]> = {};
  let knownFor = '';
  return (zones, now) => {
    const wanted = `${Math.floor(now / dayMs)} ${[...zones].join()}`;
    if (wanted === knownFor) return known;
    knownFor = wanted;
    known = Object.fromEntries([...zones].map((zone) => [zone, around(zone, now)]));
    return known;
  };
}

function around(zone: string, now: number): number[] {
  const found: number[] = [];
  let at = now - before * dayMs;
  while (at < now + after * dayMs) {
    at = nextMidnight(at, zone);
    found.push(at);
  }
  return found;
}
