import { describeModel } from '../../src/providers/index.ts';
import type { ListedModel } from '../api-client.ts';

export interface Sides {
  /** `provider/model`, as all of these. */
  strong: string;
  cheap: string;
  /** Of a family that none of the candidates has. */
  judge: string;
  /** What the graph may use: everything but the judge's family. */
  graph: string[];
}

/**
 * Who answers and who judges: as named, else the dearest of the ablest models as the strong one, the
 * cheapest as the cheap one, and as the judge the ablest of a family that neither has. The graph does
 * without the judge's family, since judges prefer what their own family wrote.
 * Throws where no family is left to judge.
 */
export function chooseModels(
  models: readonly ListedModel[],
  named: { strong?: string | undefined; cheap?: string | undefined; judge?: string | undefined },
): Sides {
  for (const id of [named.strong, named.cheap, named.judge]) {
    if (id !== undefined && !models.some((model) => model.id === id))
      throw new Error(`No account serves ${id}; say provider/model.`);
  }
  const able = models.toSorted(
    (one, other) => tierOf(other.id) - tierOf(one.id) || priceOf(other, -1) - priceOf(one, -1),
  );
  const strong = named.strong ?? able[0]?.id;
  const byPrice = able.toSorted((one, other) => priceOf(one, dearest) - priceOf(other, dearest));
  const cheap = named.cheap ?? byPrice[0]?.id;
  if (strong === undefined || cheap === undefined) throw new Error('No account serves a model.');
  const compared = new Set([familyOf(strong), familyOf(cheap)]);
  // DeepSeek plans for the graph wherever it can, so it is the last choice for judging it.
  const outside = able
    .filter(({ id }) => !compared.has(familyOf(id)))
    .toSorted((one, other) => Number(isPlanner(one.id)) - Number(isPlanner(other.id)));
  const judge = named.judge ?? outside[0]?.id;
  if (judge === undefined || compared.has(familyOf(judge)))
    throw new Error(
      'The judge must be of a family that neither the strong nor the cheap model has.',
    );
  const graph = models.map(({ id }) => id).filter((id) => familyOf(id) !== familyOf(judge));
  return { strong, cheap, judge, graph };
}

/** The vendor's family of a model: one that another host serves is still of its maker. */
export function familyOf(id: string): string {
  return known(id).family;
}

function tierOf(id: string): number {
  return known(id).tier;
}

function known(id: string) {
  const slash = id.indexOf('/');
  return describeModel(id.slice(0, slash), id.slice(slash + 1));
}

const dearest = Number.MAX_VALUE;

/** A model without a price is neither the dearest nor the cheapest. */
function priceOf({ headrace }: ListedModel, unknown: number): number {
  return headrace.output_usd_per_million ?? unknown;
}

function isPlanner(id: string): boolean {
  return familyOf(id) === 'deepseek';
}
