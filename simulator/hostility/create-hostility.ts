import { digest, draw } from '../draw.ts';
import type { Damaged, GivenAnswer } from './damage.ts';
import {
  type DamageGroup,
  type DamageName,
  type DamageSettings,
  damageByName,
  damageGroups,
  groupOfRole,
  namesOf,
  weights,
} from './damage-settings.ts';
import { subjectOf } from './subject-of.ts';

/** What became of one answer. */
export interface Encounter {
  damage: DamageName | undefined;
  damaged: Damaged | undefined;
  /** To be called when the answer reached its client whole. */
  delivered(): void;
}

export interface GroupStats {
  asked: number;
  damaged: number;
  kinds: Partial<Record<DamageName, number>>;
}
export type HostilityStats = Record<DamageGroup, GroupStats>;

export interface Hostility {
  /**
   * Damages an answer or lets it be, by seed, subject and turn. A subject's next turn begins when an
   * answer about it was delivered: asking again draws anew, so the world heals, while a client that
   * was killed in the middle hears the same again.
   */
  meet(given: GivenAnswer): Encounter;
  configure(settings: DamageSettings): void;
  settings(): DamageSettings;
  stats(): HostilityStats;
}

export function createHostility(seed: string, initial: DamageSettings): Hostility {
  let settings = initial;
  const turns = new Map<string, number>();
  const stats = emptyStats();
  return {
    meet(given) {
      // A digest, since a bench keeps ten thousands of them.
      const subject = digest(subjectOf(given));
      const turn = turns.get(subject) ?? 1;
      const struck = strike(given, settings, (purpose) => draw(seed, purpose, subject, turn));
      count(stats[groupOfRole[given.role]], struck?.damage);
      return {
        damage: struck?.damage,
        damaged: struck?.damaged,
        delivered: () => turns.set(subject, turn + 1),
      };
    },
    configure(change) {
      settings = change;
    },
    settings: () => settings,
    stats: () => structuredClone(stats),
  };
}

function strike(
  given: GivenAnswer,
  settings: DamageSettings,
  drawFor: (purpose: string) => number,
): { damage: DamageName; damaged: Damaged } | undefined {
  const group = groupOfRole[given.role];
  if (drawFor('damage') >= rateOf(settings, group)) return undefined;
  // A damage that this answer cannot have makes room for the next, or a share would not be reached.
  for (const damage of inDrawnOrder(candidatesOf(settings, group), drawFor)) {
    const damaged = damageByName[damage](given, (purpose) => drawFor(`${damage} ${purpose}`));
    if (damaged) return { damage, damaged };
  }
  return undefined;
}

function candidatesOf({ only }: DamageSettings, group: DamageGroup): DamageName[] {
  const wanted = only === undefined ? undefined : [only].flat();
  return namesOf(group).filter((name) => wanted?.includes(name) ?? true);
}

function rateOf(settings: DamageSettings, group: DamageGroup): number {
  const forced = settings.only !== undefined && candidatesOf(settings, group).length > 0;
  return settings[group] ?? (forced ? 1 : 0);
}

/** Weighted order without replacement: the largest `u^(1/w)` first (Efraimidis and Spirakis 2006). */
function inDrawnOrder(
  names: readonly DamageName[],
  drawFor: (purpose: string) => number,
): DamageName[] {
  const keys = new Map(names.map((name) => [name, drawFor(name) ** (1 / (weights[name] ?? 1))]));
  return names.toSorted((one, other) => (keys.get(other) ?? 0) - (keys.get(one) ?? 0));
}

function count(group: GroupStats, damage: DamageName | undefined): void {
  group.asked += 1;
  if (damage === undefined) return;
  group.damaged += 1;
  group.kinds[damage] = (group.kinds[damage] ?? 0) + 1;
}

function emptyStats(): HostilityStats {
  const none = (): GroupStats => ({ asked: 0, damaged: 0, kinds: {} });
  return Object.fromEntries(damageGroups.map((group) => [group, none()])) as HostilityStats;
}
