import { createRandom, type Random } from '../../src/platform/random.ts';
import { familyOf, type PlantedPanel, panelModels } from './planted-panel.ts';

/** Models that are both wrong agree so often (arXiv 2506.07962). */
const commonError = 0.6;

const towns = ['Varna', 'Belmo', 'Torri', 'Nesle', 'Kaltu', 'Dunso'];
const wordings = [
  (town: string, number: number) => `The quay wall of ${town} is ${number} metres long.`,
  (town: string, number: number) => `${town}: the quay wall measures ${number} metres.`,
  (town: string, number: number) => `By the register the quay wall of ${town} is ${number} m long.`,
];
const decisions = [
  (town: string, yes: boolean) =>
    `The bridge of ${town} ${yes ? 'carries' : 'does not carry'} lorries.`,
  (town: string, yes: boolean) =>
    `Lorries are ${yes ? '' : 'not '}carried by the bridge of ${town}.`,
];

/**
 * A question with a known answer, a number or a yes or no. Every family is right with the same chance,
 * which differs from question to question, so that families err together on the hard ones.
 */
export function plantQuestion(seed: string, members: number): PlantedPanel {
  const random = createRandom(seed);
  const town = pick(random, towns);
  const chance = 0.3 + 0.68 * random.next();
  return random.next() < 0.6
    ? plantNumber({ random, town, chance, members })
    : plantDecision({ random, town, chance, members });
}

interface Draft {
  random: Random;
  town: string;
  chance: number;
  members: number;
}

function plantNumber({ random, town, chance, members }: Draft): PlantedPanel {
  const right = 100 + random.integer(800);
  const trap = right + 1 + random.integer(50);
  const answers = panelModels.slice(0, members).map(() => {
    if (random.next() < chance) return right;
    return random.next() < commonError ? trap : right + 60 + random.integer(500);
  });
  return panelOf(
    `How long is the quay wall of ${town}?`,
    answers.map((number) => ({
      text: pick(random, wordings)(town, number),
      right: number === right,
    })),
  );
}

function plantDecision({ random, town, chance, members }: Draft): PlantedPanel {
  const right = random.next() < 0.5;
  const answers = panelModels
    .slice(0, members)
    .map(() => (random.next() < chance ? right : !right));
  return panelOf(
    `Does the bridge of ${town} carry lorries?`,
    answers.map((yes) => ({ text: pick(random, decisions)(town, yes), right: yes === right })),
  );
}

function panelOf(
  instruction: string,
  answers: readonly { text: string; right: boolean }[],
): PlantedPanel {
  return {
    ...{ kind: 'question', instruction, acceptance: ['It answers the question.'] },
    members: answers.map(({ text }, index) => {
      const model = panelModels[index] ?? panelModels[0];
      return { id: `m${index}`, model, family: familyOf(model), output: text };
    }),
    truth: new Map(answers.map(({ right }, index) => [`m${index}`, right])),
  };
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.integer(list.length)] as T;
}
