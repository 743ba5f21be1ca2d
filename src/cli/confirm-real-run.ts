import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { confirm } from './ask-person.ts';
import type { CliDeps, RunningServer } from './cli-deps.ts';
import { CliError } from './cli-error.ts';
import { countThings, formatUsd } from './printable.ts';
import type { ListedModel } from './read-models.ts';
import type { Screen } from './screen.ts';

/** What a run may spend where nobody says otherwise. */
export const defaultBudgetUsd = 1;

export interface RealRun {
  models: readonly ListedModel[];
  accounts: RunningServer['accounts'];
  dataDir: string;
  briefBytes: number;
  budgetUsd: number;
  screen: Screen;
  yes: boolean;
}

/**
 * Before the first run that costs money: the accounts, an estimate and the budget, and a yes. Asked
 * once per data directory; in a pipe `--yes` is the answer.
 */
export async function confirmRealRun(deps: CliDeps, real: RealRun): Promise<void> {
  const marker = join(real.dataDir, 'first-real-run');
  if (existsSync(marker)) return;
  real.screen.note('This is the first run with real accounts. It will call:');
  for (const { id, provider, managedBy } of real.accounts) {
    const from = managedBy === 'api' ? 'added with accounts add' : `from the ${managedBy}`;
    real.screen.note(`  ${id} (${provider}, ${from})`);
  }
  const estimate = estimateUsd(real.models, real.briefBytes);
  real.screen.note(
    `  ${countThings(real.models.length, 'model')}; estimate ${estimate ? `${formatUsd(estimate.low)} to ${formatUsd(estimate.high)}` : 'unknown, no model has a price'}; ` +
      `budget ${formatUsd(real.budgetUsd)}, never exceeded (--budget-usd changes it).`,
  );
  if (!real.yes) {
    if (!real.screen.interactive) {
      throw new CliError('usage', {
        message: 'The first run with real accounts needs a yes.',
        fix: 'Add --yes, or --simulate to use the simulated providers.',
      });
    }
    if (!(await confirm(deps, 'Start?'))) {
      throw new CliError('usage', {
        message: 'Nothing was started.',
        fix: 'Use --simulate to look around at no cost.',
      });
    }
  }
  await mkdir(real.dataDir, { recursive: true });
  await writeFile(marker, `${new Date(deps.clock.now()).toISOString()}\n`);
}

/** From 4 tasks at the median price to 24 at the dearest, 1,500 tokens in and 900 out each, plus the brief. */
function estimateUsd(
  models: readonly ListedModel[],
  briefBytes: number,
): { low: number; high: number } | null {
  const input = 1_500 + briefBytes / 4;
  const costs = models
    .flatMap(({ headrace }) =>
      headrace &&
      headrace.input_usd_per_million !== null &&
      headrace.output_usd_per_million !== null
        ? [(input * headrace.input_usd_per_million + 900 * headrace.output_usd_per_million) / 1e6]
        : [],
    )
    .sort((one, other) => one - other);
  const dearest = costs.at(-1);
  const median = costs[Math.floor(costs.length / 2)];
  return dearest === undefined || median === undefined
    ? null
    : { low: 4 * median, high: 24 * dearest };
}
