import { type Document, isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Path } from './config-problem.ts';

export interface ParsedYaml {
  value: unknown;
  /** `line:column` of the node at `path`, or of the closest node above it. */
  locate(path: Path): string;
}

export interface YamlFault {
  /** Continues the sentence "headrace.yaml …". */
  wrong: string;
  position: string;
}

// The parser's own messages quote the source, and the source holds secrets.
const faults: Record<string, string> = {
  DUPLICATE_KEY: 'has the same key twice in one mapping',
  TAB_AS_INDENT: 'is indented with a tab; YAML wants spaces',
  BAD_INDENT: 'has a line whose indentation fits nothing above it',
  MISSING_CHAR: 'lacks a closing quote, bracket, comma or colon',
  BAD_ALIAS: 'refers to an anchor that is not there',
  MULTIPLE_DOCS: 'holds more than one document',
  NON_STRING_KEY: 'has a key that is not a text',
};

/** Reads YAML 1.2; the fault has a position, and never a piece of the text. */
export function parseYaml(text: string): ParsedYaml | YamlFault {
  const lineCounter = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${line}:${col}`;
  };
  let document: Document;
  try {
    document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' });
  } catch {
    return { wrong: 'is not valid YAML', position: '1:1' };
  }
  const [fault] = [...document.errors, ...document.warnings];
  if (fault)
    return { wrong: faults[fault.code] ?? 'is not valid YAML', position: at(fault.pos[0]) };
  try {
    // An alias may stand for a hundred times its size at most ("billion laughs").
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { value, locate: (path) => at(offsetOf(document, path)) };
  } catch {
    return { wrong: 'refers to an anchor that is not there, or too often', position: '1:1' };
  }
}

function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    const next = enter(node, part);
    offset = next.offset ?? offset;
    node = next.node;
  }
  return offset;
}

// The key, not its value, is where a person looks for "is missing" and "is not known here".
function enter(
  node: unknown,
  part: string | number,
): { node?: unknown; offset?: number | undefined } {
  if (isMap(node)) {
    const pair = node.items.find((item) => String(item.key) === String(part));
    return { node: pair?.value, offset: startOf(pair?.key) };
  }
  if (!isSeq(node)) return {};
  const item = node.items[Number(part)];
  return { node: item, offset: startOf(item) };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
