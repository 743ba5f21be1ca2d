import type { LimitRule } from './config.ts';
import type { ConfigProblem, Path } from './config-problem.ts';

/** What is wrong between the limits of one account, each of which is a number that could be. */
export function checkLimits(rules: readonly LimitRule[], at: Path): ConfigProblem[] {
  return rules.flatMap((rule, index) => {
    const path = [...at, 'limits', index];
    return [...contradictions(rule, path), ...unreachable(rules, index, path)];
  });
}

function contradictions({ rpm, rpd, tpm, itpm, otpm }: LimitRule, path: Path): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (typeof rpm === 'number' && typeof rpd === 'number' && rpd < rpm) {
    problems.push({
      path: [...path, 'rpd'],
      wrong: `is ${rpd}, less than the ${rpm} requests of one minute (rpm)`,
      fix: 'A day holds at least what one of its minutes does: look both up again.',
    });
  }
  for (const [name, part] of Object.entries({ itpm, otpm })) {
    if (typeof part !== 'number' || typeof tpm !== 'number' || part <= tpm) continue;
    problems.push({
      path: [...path, name],
      wrong: `is ${part}, more than the ${tpm} tokens of input and output together (tpm)`,
      fix: `Leave ${name} out, or look both up again.`,
    });
  }
  return problems;
}

// Of several rules that name a model the first counts: one behind `*` would never be looked at.
function unreachable(rules: readonly LimitRule[], index: number, path: Path): ConfigProblem[] {
  const before = new Set(rules.slice(0, index).flatMap(({ models }) => models));
  const models = rules[index]?.models ?? [];
  const hidden = models.find((pattern) => before.has(pattern) || before.has('*'));
  if (hidden === undefined) return [];
  return [
    {
      path: [...path, 'models'],
      wrong: `names ${JSON.stringify(hidden)}, which a rule before it names already`,
      fix: 'Write each model class once, and the rule for "*" last.',
    },
  ];
}
