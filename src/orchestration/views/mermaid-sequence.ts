import { cutText } from '../storable.ts';

/** A Mermaid sequence diagram in the making. Participants appear in the order of their first use. */
export interface Sequence {
  /** `from` does or says something to `to`. */
  arrow(from: string, to: string, label: string): void;
  /** The same, as an answer. */
  reply(from: string, to: string, label: string): void;
  note(over: string, label: string): void;
  length(): number;
  text(): string;
}

export function createSequence(): Sequence {
  const participants = new Map<string, string>();
  const lines: string[] = [];
  let length = 0;
  const idOf = (name: string): string => {
    const known = participants.get(name);
    if (known) return known;
    const id = `P${participants.size + 1}`;
    participants.set(name, id);
    return id;
  };
  const add = (line: string) => {
    lines.push(line);
    length += line.length + 1;
  };
  return {
    arrow: (from, to, label) => add(`  ${idOf(from)}->>${idOf(to)}: ${escapeLabel(label)}`),
    reply: (from, to, label) => add(`  ${idOf(from)}-->>${idOf(to)}: ${escapeLabel(label)}`),
    note: (over, label) => add(`  Note over ${idOf(over)}: ${escapeLabel(label)}`),
    length: () => length,
    text() {
      const declared = [...participants].map(
        ([name, id]) => `  participant ${id} as ${escapeLabel(name)}`,
      );
      return ['sequenceDiagram', ...declared, ...lines, ''].join('\n');
    },
  };
}

const longestLabel = 120;

/**
 * Text that ends no statement and opens no markup: `;` and `#` begin entities in Mermaid, a line break
 * ends the message, and titles come from models.
 */
export function escapeLabel(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return cutText(line, longestLabel).replace(
    /[#;<>{}"`\\%]/g,
    (character) => `#${character.codePointAt(0)};`,
  );
}
