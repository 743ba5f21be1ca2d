import type { ModelInfo } from '../dispatch/index.ts';

export interface Jury {
  /** Per juror its models, best first. */
  jurors: string[][];
  kind: 'outsider' | 'jury' | 'orchestrator';
}

export interface JuryChoice {
  models: readonly ModelInfo[];
  /** Orchestrator models, `provider/model`, best first. */
  orchestrators: readonly string[];
  /** Who wrote the answers, `provider/model`; `null` where that is not known. */
  writers: readonly (string | null)[];
  /** Whether judges other than the orchestrator models may be called. */
  mayWiden: boolean;
  /** Whether what is left of a budget pays a whole verdict by this model. */
  isPayable?: (id: string) => boolean;
}

/** Small models judge badly: their verdict is worth less than the order effects that a jury evens out. */
const leastTier = 2;
const jurySize = 3;

/**
 * Who judges: an orchestrator model whose family wrote none of the answers; else the ablest model of
 * such a family; else, where every family wrote, three families by majority (a jury of small
 * disjoint families did better than one large judge, arXiv 2404.18796); else the orchestrator
 * models, which then judge their own family's work.
 */
export function chooseJury(given: JuryChoice): Jury {
  const payable = given.orchestrators.filter((id) => given.isPayable?.(id) ?? true);
  // Where none is payable, half a verdict may still be read.
  const choice = payable.length > 0 ? { ...given, orchestrators: payable } : given;
  const own: Jury = { jurors: [[...choice.orchestrators]], kind: 'orchestrator' };
  const known = new Map(choice.models.map((model) => [model.id, model]));
  const wrote = new Set(choice.writers.flatMap((id) => known.get(id ?? '')?.family ?? []));
  const isOutside = (id: string) => {
    const family = known.get(id)?.family;
    return family !== undefined && !wrote.has(family);
  };
  // A judge of a writer's family is still better than a run that ends unjudged.
  const withFallback = (ids: string[]) => [...new Set([...ids, ...choice.orchestrators])];
  if (!choice.mayWiden || wrote.size === 0) return own;
  const trusted = choice.orchestrators.filter(isOutside);
  if (trusted.length > 0) return { jurors: [withFallback(trusted)], kind: 'outsider' };
  const able = bestOfFamilies(choice);
  const outside = able.filter(isOutside);
  if (outside.length > 0) return { jurors: [withFallback(outside)], kind: 'outsider' };
  if (able.length < jurySize) return own;
  const [first = '', ...others] = able.slice(0, jurySize);
  return { jurors: [withFallback([first]), ...others.map((id) => [id])], kind: 'jury' };
}

/** The ablest model of each family, the orchestrators' families first, then by ability and price. */
function bestOfFamilies({ models, orchestrators, isPayable }: JuryChoice): string[] {
  const place = (id: string) => {
    const index = orchestrators.indexOf(id);
    return index === -1 ? orchestrators.length : index;
  };
  const sorted = models
    .filter((model) => model.tier >= leastTier && (isPayable?.(model.id) ?? true))
    .toSorted(
      (one, other) =>
        place(one.id) - place(other.id) ||
        other.tier - one.tier ||
        comparePrices(one, other) ||
        one.id.localeCompare(other.id),
    );
  const families = new Map<string, string>();
  for (const model of sorted) if (!families.has(model.family)) families.set(model.family, model.id);
  return [...families.values()];
}

/** A model without a price comes last: a run with a money budget could not call it. */
function comparePrices(one: ModelInfo, other: ModelInfo): number {
  const price = (model: ModelInfo) =>
    model.inputUsdPerMillion === null || model.outputUsdPerMillion === null
      ? Number.MAX_VALUE
      : model.inputUsdPerMillion + model.outputUsdPerMillion;
  return price(one) - price(other);
}
