import type { Angle, PlanWords, SectionWords, Voice } from './voice.ts';

const angles: readonly [Angle, ...Angle[]] = [
  {
    pattern: /limitation|limits? of|caveat|weakness/i,
    criterion: (focus) => `names a limitation of ${focus} and how to handle it`,
    bodies: [
      (s) =>
        `The main limitation of ${s.focus} is that it was not observed here: everything said rests on the brief and on earlier tasks. To handle it, mark ${s.other} as open until someone has checked it at the source.`,
      (s) =>
        `One limitation stands out: ${s.focus} depends on ${s.other}, and the brief does not say how far. To handle it, state the assumption beside every statement that needs it and revisit it when ${s.third} is known.`,
    ],
  },
  {
    pattern: /verif|evidence|how to check|can be checked|validat/i,
    criterion: (focus) => `says how statements on ${focus} can be verified`,
    bodies: [
      (s) =>
        `The statements on ${s.focus} can be verified in two steps: trace each one to the sentence of the brief or the input it came from, then compare it with one independent source on ${s.other}.`,
      (s) =>
        `What is said on ${s.focus} can be verified by a second reader: take the statements one at a time, look for a counterexample in ${s.other}, and strike what does not survive.`,
    ],
  },
  {
    pattern: /example|illustrat|case study|walk ?through/i,
    criterion: (focus) => `works through one example of ${focus}`,
    bodies: [
      (s) =>
        `An example works best when it is small. Take ${s.focus} in one concrete case: note where it starts, follow ${s.other} through it step by step, and write down where ${s.third} changed the outcome.`,
      (s) =>
        `This example works from the reader's side: someone meets ${s.focus} for the first time, asks what ${s.other} has to do with it, and finds the answer in ${s.third}.`,
    ],
  },
  {
    pattern: /compar|options|alternative|trade-?off/i,
    criterion: (focus) => `compares two options for ${focus}`,
    bodies: [
      (s) =>
        `This compares two options for ${s.focus}. The first puts ${s.other} in front: quicker to reach, harder to defend. The second begins with ${s.third}: slower, and easier to justify afterwards.`,
      (s) =>
        `Two options for ${s.focus} are open, and what compares them is cost against certainty: start narrow with ${s.other}, or start broad and bring in ${s.third} from the beginning.`,
    ],
  },
  {
    pattern: /open question|unanswered|unknowns?/i,
    criterion: (focus) => `ranks the open questions on ${focus}`,
    bodies: [
      (s) =>
        `It ranks the open questions on ${s.focus} by what they would change: first how ${s.other} is bounded, then who decides on ${s.third}, last what may be left for later.`,
      (s) =>
        `Of the open questions on ${s.focus}, this ranks highest: does ${s.other} hold outside the case at hand? Behind it comes the part that ${s.third} plays.`,
    ],
  },
  {
    pattern: /takeaway|conclusion|recommend/i,
    criterion: (focus) => `ends with a takeaway on ${focus}`,
    bodies: [
      (s) =>
        `This ends with one takeaway on ${s.focus}: settle ${s.other} first, because every later choice refers back to it.`,
      (s) =>
        `What it ends with is a takeaway rather than a summary: whoever remembers only ${s.focus} and its tie to ${s.other} has the part that matters.`,
    ],
  },
];

const plan: PlanWords = {
  scopeTitle: 'Scope and terms',
  scope: (topic) =>
    `Write the opening section on ${topic}: what the brief asks, which terms it uses, what it leaves out, and every constraint it states.`,
  constraintsCriterion: 'repeats each constraint of the brief',
  notesTitle: (focus) => `Notes on ${focus}`,
  notes: (focus, sentence) =>
    `Collect what the later sections need on ${focus}. The brief says: “${sentence}”`,
  notesCriterion: (focus) => `covers ${focus}`,
  section: (focus, sentence) =>
    `Write the section on ${focus} for the final text. The brief says: “${sentence}”`,
  coversCriterion: (phrases) => `covers ${phrases}`,
  facets: [
    (topic) => `Current state of ${topic}`,
    (topic) => `Main approaches to ${topic}`,
    (topic) => `Evidence and measures for ${topic}`,
    (topic) => `Challenges and risks of ${topic}`,
    (topic) => `Outlook for ${topic}`,
  ],
  synthesisTitle: 'How the parts fit together',
  synthesis: (topic) =>
    `Relate the sections on ${topic} to each other: where they support one another, where they pull apart.`,
  synthesisCriterion: 'relates at least two sections to each other',
  closingTitle: 'Conclusions and next steps',
  closing: (topic) =>
    `Close the text on ${topic}: conclusions from the sections, then next steps in order of their effect.`,
  closingCriterion: 'puts the next steps in order',
  approachTitle: 'Approach and structure',
  approach: (topic, paths) =>
    `Describe how ${topic} is built: what each file does and how they depend on each other. Files: ${paths}.`,
  approachCriterion: (paths) => `gives the purpose of ${paths}`,
  file: (path, sentences) => `Write the file ${path}. The brief says: “${sentences}”`,
  fileTitle: (path) => `File ${path}`,
  fileCriterion: (phrases) => `implements ${phrases}`,
  fileCheckCriterion: (path) => `says on which input ${path} fails`,
  runTitle: 'How to run and check it',
  run: (paths) =>
    `Explain how to run the project and how to check that it works, file by file: ${paths}.`,
  runCriterion: 'gives the commands in order',
  extra: (sentence) => `Write the part that the brief asks for: “${sentence}”`,
  uses: {
    scope: 'scope and terms',
    notes: (focus) => `what was collected on ${focus}`,
    section: (title) => `the statements of “${title}”`,
    file: (path) => `the names and interfaces of ${path}`,
  },
  whole: (title, criterion) => `“${title}” ${criterion}`,
  singleReason: 'The brief asks for one thing; splitting it would only add hand-overs.',
};

const duties: readonly Angle[] = [
  {
    pattern: /repeats each constraint/i,
    criterion: () => plan.constraintsCriterion,
    bodies: [
      () =>
        'Whatever constraint the brief states, this list repeats in its own words, so that no later part overlooks it.',
    ],
  },
  {
    pattern: /next steps/i,
    criterion: () => plan.closingCriterion,
    bodies: [
      (s) =>
        `This puts the next steps in order:\n\n1. Settle what was left open about ${s.other}.\n2. Check the statements on ${s.third} at their source.\n3. Only then decide, and write down why.`,
    ],
  },
  {
    pattern: /relates .*sections/i,
    criterion: () => plan.synthesisCriterion,
    bodies: [
      (s) =>
        `It relates the sections to one another along one line: what is said about ${s.other} limits what can be said about ${s.third}.`,
    ],
  },
  {
    pattern: /commands in order/i,
    criterion: () => plan.runCriterion,
    bodies: [
      () =>
        'The commands, in the order in which they are needed:\n\n1. Make an environment and install what the files import.\n2. Run each file by itself and read its last line.\n3. Run the entry point, then compare what it wrote with the list of files.',
    ],
  },
];

const section: SectionWords = {
  bareOpenings: [
    'The brief names this part without saying more about it; what follows keeps to what the other parts need.',
    'Nothing but its name is given for this part, so it is read in the light of the whole brief.',
    'This part is asked for by name only. It is kept short, and says where a decision is still missing.',
  ],
  otherwise: ['its context', 'the part beside it'],
  openings: [
    (s) => `The brief puts it this way: “${s.sentence}” This part takes that as its question.`,
    (s) => `The point of departure is the sentence “${s.sentence}”`,
    (s) => `The words of the brief are: “${s.sentence}” They set the limits of this part.`,
    (s) => `“${s.sentence}” Taken at its word, that asks for a plain answer before any detail.`,
  ],
  aspects: [
    'to be defined before anything is built on it',
    'named together with those whom it concerns',
    'weighed against what depends on it',
    'watched with one figure that shows when it changes',
    'left open by the brief, and therefore marked as an assumption',
    'needed for the decision that comes next',
  ],
  filePurpose: (name) => `its purpose is in its name, ${name}`,
  covers: 'What belongs here:',
  other: (phrases) => `This part also deals with ${phrases}, as far as the brief allows it.`,
  inputs: 'It builds on:',
  isNote: /^notes on /i,
  notes: 'The notes',
  input: (title, quote) => `${title}: “${quote}”`,
};

export const english: Voice = {
  label: (author) => `*Simulated text by ${author}: shows scheduling, not answer quality.*`,
  fileLabel: (author) => `Simulated by ${author}: shows scheduling, not answer quality.`,
  join: (items) =>
    items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`,
  angles,
  duties,
  plan,
  section,
  questions: [
    {
      answered:
        /audience|reader|for (a|an|the|my|our) [\w-]+ (team|class|company|board|student|teacher|manager|customer|user)|novice|beginner|stakeholder/i,
      question: (topic) => `Who will read or use the result on ${topic}?`,
      default: 'Informed people who are not specialists of the field',
      why: 'It decides how much is explained and which terms are assumed.',
    },
    {
      answered:
        /\b\d+[ -]?(words?|pages?|slides?|minutes?|characters?)|short|brief(ly)?|concise|detailed|comprehensive|`[\w./-]+\.\w+`/i,
      question: (topic) => `How long may the text on ${topic} be?`,
      default: 'About one page per section',
      why: 'It decides into how many sections the work is split.',
    },
    {
      answered:
        /deadline|budget|constraint|must not|at most|no more than|within \d|limit|requirement/i,
      question: (topic) =>
        `Are there constraints on ${topic} that the brief does not name (budget, date, tools)?`,
      default: 'None beyond the brief',
      why: 'A constraint known later would send finished sections back.',
    },
  ],
  fileFails: (path) =>
    `The input on which ${path} fails: one that is empty; it is refused with an error that names it.`,
  binaryNote: (path) =>
    `${path} is a binary file, which a text model cannot make. This text stands in its place and says how to produce it.`,
  fixFor: (criterion, title) => `Add to “${title}” a passage that ${criterion}.`,
  chat: (phrases, sentence) =>
    `You ask about ${english.join(phrases)}. In your own words: “${sentence}” A real model would answer here; this simulated one shows that the request arrived, was scheduled and came back.`,
};
