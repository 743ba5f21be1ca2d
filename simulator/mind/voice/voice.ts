/** What a paragraph is about, in the prompt's own words. */
export interface Subject {
  title: string;
  /** The phrase that the task turns on. */
  focus: string;
  /** Further phrases of the task; the focus where it has no others. */
  other: string;
  third: string;
  /** A sentence of the task or the brief. */
  sentence: string;
}

/** One thing that a section can be asked for, and how it is answered. */
export interface Angle {
  /** Recognises a criterion that asks for it, a person's own wording included. */
  pattern: RegExp;
  criterion(focus: string): string;
  bodies: readonly [(subject: Subject) => string, ...((subject: Subject) => string)[]];
}

export interface ClarifyingQuestion {
  /** A brief that matches has answered it already. */
  answered: RegExp;
  question(topic: string): string;
  default: string;
  why: string;
}

/** The words of tasks: each builder gets phrases of the brief. */
export interface PlanWords {
  scopeTitle: string;
  scope(topic: string): string;
  constraintsCriterion: string;
  notesTitle(focus: string): string;
  notes(focus: string, sentence: string): string;
  notesCriterion(focus: string): string;
  section(focus: string, sentence: string): string;
  coversCriterion(phrases: string): string;
  facets: readonly ((topic: string) => string)[];
  synthesisTitle: string;
  synthesis(topic: string): string;
  synthesisCriterion: string;
  closingTitle: string;
  closing(topic: string): string;
  closingCriterion: string;
  approachTitle: string;
  approach(topic: string, paths: string): string;
  approachCriterion(paths: string): string;
  file(path: string, sentences: string): string;
  fileTitle(path: string): string;
  fileCriterion(phrases: string): string;
  fileCheckCriterion(path: string): string;
  runTitle: string;
  run(paths: string): string;
  runCriterion: string;
  extra(sentence: string): string;
  uses: {
    scope: string;
    notes(focus: string): string;
    section(title: string): string;
    file(path: string): string;
  };
  /** A criterion of the whole result about one task. */
  whole(title: string, criterion: string): string;
  singleReason: string;
}

export interface SectionWords {
  /** Where the brief says no more of a part than its title. */
  bareOpenings: readonly [string, ...string[]];
  /** Stand for phrases where a task has none of its own. */
  otherwise: readonly [string, string];
  openings: readonly [(subject: Subject) => string, ...((subject: Subject) => string)[]];
  aspects: readonly [string, ...string[]];
  covers: string;
  filePurpose(name: string): string;
  /** A passage on what no angle answers. */
  other(phrases: string): string;
  inputs: string;
  /** Titles of notes, which the reader of a result never sees, and what they are called there. */
  isNote: RegExp;
  notes: string;
  input(title: string, quote: string): string;
}

/** Everything the simulated models say, in one language. */
export interface Voice {
  label(author: string): string;
  /** Comment inside a file. */
  fileLabel(author: string): string;
  join(items: readonly string[]): string;
  /** What a planner may ask a section for. */
  angles: readonly [Angle, ...Angle[]];
  /** What the planner asks of the parts that every plan has. */
  duties: readonly Angle[];
  questions: readonly ClarifyingQuestion[];
  plan: PlanWords;
  section: SectionWords;
  binaryNote(path: string): string;
  /** Answers `fileCheckCriterion`. */
  fileFails(path: string): string;
  fixFor(criterion: string, title: string): string;
  chat(phrases: readonly string[], sentence: string): string;
}
