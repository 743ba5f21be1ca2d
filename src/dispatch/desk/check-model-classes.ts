import { isModelName, matchesModel } from '../../accounts/index.ts';
import { closestName } from '../../platform/config/closest-name.ts';
import type { LimitRule } from '../../platform/config/config.ts';
import type { ConfigProblem } from '../../platform/config/config-problem.ts';
import { findProvider, vendorIds } from '../../providers/index.ts';

interface LimitedModels {
  provider: string;
  models: readonly string[];
  limits: readonly LimitRule[];
}

/**
 * Rules for models that nobody serves: a misspelt class would leave its models without their limits. What an
 * account itself lists under `models` is taken at its word, and so is a host of one's own.
 */
export function checkModelClasses(
  account: LimitedModels,
  path: ConfigProblem['path'],
): ConfigProblem[] {
  if (!vendorIds.includes(account.provider)) return [];
  const named = account.models.filter(isModelName);
  const known = [...findProvider(account.provider).models.map(({ model }) => model), ...named];
  return account.limits.flatMap(({ models }, index) =>
    models.flatMap((pattern, place) => {
      const vouched = account.models.includes(pattern);
      if (vouched || known.some((model) => matchesModel([pattern], model))) return [];
      const closest = closestName(pattern, known);
      return {
        path: [...path, 'limits', index, 'models', place],
        wrong: `is the model class ${JSON.stringify(pattern)}, which no model of ${account.provider} belongs to`,
        fix: `${closest ? `Did you mean ${JSON.stringify(closest)}? ` : ''}A model that is newer than this catalogue is listed under models: of the account too.`,
      };
    }),
  );
}
