import type { Opinion } from './opinion.ts';
import type { Piece } from './pack-pieces.ts';
import { isQuoted, normalizeQuote } from './read-criterion.ts';

/** What a juror said of one portion of the result. */
export interface PortionOpinion {
  opinion: Opinion;
  parts: readonly Piece[];
}

/**
 * One opinion of the whole from those of its portions. A criterion is met where a portion meets it with
 * words that stand there. Where a portion has no readable opinion (`complete` is false), nobody knows
 * whether that one would have met what the others do not.
 */
export function joinOpinions(found: readonly PortionOpinion[], complete: boolean): Opinion {
  const [first] = found;
  if (!first) throw new Error('No opinion to join.');
  if (found.length === 1 && complete) return first.opinion;
  const criteria = first.opinion.criteria.map((_, index) => joinCriterion(found, index, complete));
  const met = new Set(criteria.flatMap((item) => (item?.met ? [normalizeQuote(item.text)] : [])));
  const unmet = found.flatMap(({ opinion, parts }) =>
    opinion.defects
      .filter(({ criterion }) => !met.has(normalizeQuote(criterion)))
      .map((defect) => ({ defect, owned: isOwned(defect, parts) })),
  );
  return {
    model: first.opinion.model,
    criteria,
    defects: complete ? [...Map.groupBy(unmet, keyOf).values()].flatMap(chooseDefects) : [],
    // Whoever saw one side alone may think nothing of it: all have to agree.
    dismissed: new Map(
      [...first.opinion.dismissed].filter(([place]) =>
        found.every(({ opinion }) => opinion.dismissed.has(place)),
      ),
    ),
  };
}

type Defect = Opinion['defects'][number];

function joinCriterion(found: readonly PortionOpinion[], index: number, complete: boolean) {
  const all = found.flatMap(({ opinion, parts }) => {
    const item = opinion.criteria[index];
    return item ? [{ item, parts, shown: parts.map(({ text }) => text).join('\n') }] : [];
  });
  // Another part may hold the same words; what a criterion says of one part is seen where that part is.
  const meant = all.filter(({ item, parts }) => parts.some((part) => isNamed(part, item.text)));
  const said = meant.length > 0 ? meant : all;
  const quoted = said.find(({ item, shown }) => item.met && isQuoted(item.evidence ?? '', shown));
  const unmet = complete ? said.find(({ item }) => !item.met) : undefined;
  return (quoted ?? unmet ?? said.find(({ item }) => item.met))?.item;
}

const keyOf = ({ defect }: { defect: Defect }) => normalizeQuote(defect.criterion);

/** The criterion names a part that the defect's portion shows. */
function isOwned({ task_id, criterion }: Defect, parts: readonly Piece[]): boolean {
  return parts.some((part) => part.key === task_id && isNamed(part, criterion));
}

/** By its title, or by the path that stands behind it. */
function isNamed({ title }: Piece, criterion: string): boolean {
  const about = criterion.toLowerCase();
  const path = /\(([^()]+)\)$/.exec(title)?.[1];
  return [title, path].some((name) => name && about.includes(name.toLowerCase()));
}

/** Each portion blames a part of its own for what none of them meets: the part that is meant, else the first. */
function chooseDefects(all: readonly { defect: Defect; owned: boolean }[]): Defect[] {
  const owned = all.filter((each) => each.owned);
  return (owned.length > 0 ? owned : all.slice(0, 1)).map(({ defect }) => defect);
}
