import { createHostility } from '../../simulator/hostility/create-hostility.ts';
import { type DamageName, hostilities } from '../../simulator/hostility/damage-settings.ts';
import type { Ask } from '../../simulator/mind/ask.ts';
import { think } from '../../simulator/mind/think.ts';
import { createRandom } from '../../src/platform/random.ts';
import { familyOf, type PlantedPanel, panelModels } from './planted-panel.ts';

const subjects = ['tides', 'cranes', 'pilots', 'locks', 'grain', 'ferries', 'winters', 'dredging'];
const aspects = ['costs', 'risks', 'staff', 'permits', 'noise', 'insurance'];

/** Damage that collecting repairs: the answer below it is whole. */
const harmless: ReadonlySet<DamageName> = new Set([
  'answer.thinking',
  'answer.fenced',
  'answer.chatter',
]);

/** A section as the simulator's workers write it at their usual hostility, which knows whose answer it damaged. */
export function plantSection(seed: string, members: number): PlantedPanel {
  const random = createRandom(seed);
  const subject = subjects[random.integer(subjects.length)] ?? '';
  const aspect = aspects[random.integer(aspects.length)] ?? '';
  const boats = 20 + random.integer(900);
  const instruction = `Write on ${subject} in the harbour and their ${aspect}.`;
  const acceptance = [`covers ${subject} and currents`, `compares two options for ${aspect}`];
  const message = [
    '<brief>\nWrite a paper for a town of 48,000 people on its harbour.\n</brief>',
    `<task title="${subject}" kind="member" path="">\n${instruction}\n</task>`,
    `<acceptance>\n${acceptance.map((line) => `- ${line}`).join('\n')}\n</acceptance>`,
    `<inputs>\n<input task="t1" title="Notes" uses="facts">\nThe harbour holds ${boats} boats in summer.\n</input>\n</inputs>`,
  ].join('\n\n');
  const hostility = createHostility(seed, { answers: hostilities.full.answers });
  const answers = panelModels.slice(0, members).map((author, index) => {
    const ask: Ask = {
      ...{ seed, author, room: 1_200, missesCriterion: false, demand: { kind: 'text' } },
      turns: [
        { role: 'system', text: "You are Headrace's worker." },
        { role: 'user', text: message },
      ],
    };
    const text = think(ask);
    const met = hostility.meet({
      ...{ role: 'worker', author, message, text, reasoning: '', room: ask.room, free: true },
      withoutCriterion: () => think({ ...ask, missesCriterion: true }),
    });
    const right = met.damage === undefined || harmless.has(met.damage);
    return { id: `m${index}`, author, text: met.damaged?.text ?? text, right };
  });
  return {
    ...{ kind: 'section', instruction, acceptance },
    members: answers.map(({ id, author, text }) => ({
      ...{ id, model: author, family: familyOf(author), output: text },
    })),
    truth: new Map(answers.map(({ id, right }) => [id, right])),
  };
}
