type Fields = Record<string, unknown>;

/** Lines that may be a terse plan, a series or a loop; only the plan's end tells which. */
export interface LoopWatch {
  readonly held: ReadonlyMap<string, Fields>;
  /** Of a plan that ran beyond its cap the lines that were a loop. */
  readonly repeated: number;
  /** Whether it keeps this line back. */
  holds(key: string, fields: Fields): boolean;
  /** What is to be accepted after all: of a plan that ran on and on the first line of each pattern. */
  release(ranOn: boolean): Lines;
  /** What `setAside` kept, to be accepted where nothing else comes. */
  readonly aside: Lines;
  /** Keeps what a plan that ran on said, and begins anew behind tasks of these titles. */
  setAside(titles: Iterable<string>): void;
}

type Lines = readonly [key: string, fields: Fields][];

export function createLoopWatch(titles: readonly string[]): LoopWatch {
  const patterns = new Set(titles.map(patternOf));
  const held = new Map<string, Fields>();
  const again = new Set<string>();
  let repeated = 0;
  let aside: Lines = [];
  const release = (ranOn: boolean) => {
    const released = [...held].filter(([key]) => !ranOn || !again.has(key));
    repeated += held.size - released.length;
    held.clear();
    again.clear();
    return released;
  };
  return {
    held,
    release,
    get aside() {
      return aside;
    },
    setAside(accepted) {
      aside = release(true);
      repeated = 0;
      patterns.clear();
      for (const title of accepted) patterns.add(patternOf(title));
    },
    get repeated() {
      return repeated;
    },
    holds(key, fields) {
      const pattern = patternOf(fields['title'] ?? fields['name']);
      const isAgain = patterns.has(pattern);
      const isHeld = saysNoMore(fields) && (isAgain || standsAlone(fields));
      if (isHeld) held.set(key, fields);
      if (isHeld && isAgain) again.add(key);
      patterns.add(pattern);
      return isHeld;
    },
  };
}

/** A title without its numbers: what a planner in a loop writes again and again. */
function patternOf(title: unknown): string {
  return wordsOf(title).join(' ');
}

/**
 * Whether a line says nothing that tells it from others of its pattern: an instruction without a word
 * beyond the title's. "Day 2" with an instruction of its own is one of a series; "Costs 7: costs 7." is not.
 */
function saysNoMore(fields: Fields): boolean {
  const title = new Set(wordsOf(fields['title'] ?? fields['name']));
  const said = wordsOf(fields['instruction'] ?? fields['description']);
  return title.size > 0 && said.every((word) => title.has(word));
}

/** Whether nothing but its title tells what a line is for. */
function standsAlone({ acceptance, deps, path }: Fields): boolean {
  return [acceptance, deps, path].every(
    (value) =>
      value === undefined || value === null || (Array.isArray(value) && value.length === 0),
  );
}

function wordsOf(text: unknown): string[] {
  return typeof text === 'string' ? (text.toLowerCase().match(/\p{L}+/gu) ?? []) : [];
}
