import { isHeadraceError } from '../platform/errors/headrace-error.ts';
import { compareOnce } from './compare.ts';
import { type Ranking, winnerOf } from './rank-candidates.ts';
import type { Baseline, PanelInput, ResultsDeps } from './results.ts';

/** How a picked member did against the baseline in their pair; both are indexes of candidates. */
export function preferPicked(
  ranking: Ranking | null,
  picked: number,
  baseline: number,
): Baseline['preferred'] {
  if (picked === baseline) return 'same';
  const pair = ranking?.pairs.find(
    ({ left, right }) => [left, right].includes(picked) && [left, right].includes(baseline),
  );
  if (!pair) return null;
  if (pair.winner === null) return 'tie';
  return pair.winner === picked ? 'panel' : 'baseline';
}

/**
 * A synthesis against the single strongest answer, blind and in both orders. It is wished for: where it
 * cannot be paid or reached the synthesis stands unmeasured.
 */
export async function preferSynthesis(
  deps: ResultsDeps,
  input: PanelInput,
  texts: { synthesis: string; baseline: string },
): Promise<Baseline['preferred']> {
  const panel = { index: 0, text: texts.synthesis };
  const single = { index: 1, text: texts.baseline };
  try {
    const forward = await compareOnce(deps, input, [panel, single]);
    const backward = await compareOnce(deps, input, [single, panel]);
    if (!forward && !backward) return null;
    const winner = winnerOf(forward, backward);
    return winner === null ? 'tie' : ((['panel', 'baseline'] as const)[winner] ?? null);
  } catch (error) {
    if (isHeadraceError(error)) return null;
    throw error;
  }
}
