import { clip } from '../language/clip.ts';
import { keyPhrases, sentencesOf } from '../language/words.ts';
import { readNode, resolveReference, type SchemaNode } from './schema-node.ts';

interface Filling {
  root: unknown;
  phrases: string[];
  sentences: string[];
  /** How many texts were filled in, so that neighbours differ. */
  used: number;
  depth: number;
}

const deepest = 12;

/** A valid instance of the schema, its texts made of the prompt's own words. */
export function fillSchema(schema: unknown, prompt: string): unknown {
  const sentences = sentencesOf(prompt).map((sentence) => clip(sentence, 160));
  const phrases = keyPhrases(clip(prompt, 4_000), 12);
  return fill(schema, { root: schema, phrases, sentences, used: 0, depth: 0 }, '');
}

function fill(schema: unknown, filling: Filling, name: string): unknown {
  const node = readNode(schema);
  if (filling.depth > deepest) return null;
  if (node.$ref !== undefined) {
    return deeper(filling, () =>
      fill(resolveReference(filling.root, node.$ref ?? ''), filling, name),
    );
  }
  if (node.const !== undefined) return node.const;
  if (node.enum) return node.enum[filling.used % node.enum.length] ?? node.enum[0];
  const choices = node.anyOf ?? node.oneOf;
  if (choices)
    return fill(
      choices.find((choice) => readNode(choice).type !== 'null') ?? choices[0],
      filling,
      name,
    );
  return fillByType(node, filling, name);
}

function fillByType(node: SchemaNode, filling: Filling, name: string): unknown {
  const types = typeof node.type === 'string' ? [node.type] : (node.type ?? []);
  const type = types.find((candidate) => candidate !== 'null') ?? types[0];
  switch (type ?? (node.properties ? 'object' : 'string')) {
    case 'object':
      return deeper(filling, () => fillObject(node, filling));
    case 'array':
      return deeper(filling, () => fillArray(node, filling, name));
    case 'integer':
      return Math.ceil(fillNumber(node));
    case 'number':
      return fillNumber(node);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return fillText(node, filling, name);
  }
}

function fillObject(node: SchemaNode, filling: Filling): unknown {
  const entries = Object.entries(node.properties ?? {});
  // A recursive schema ends where nothing more is required.
  const chosen =
    filling.depth > deepest - 4 ? entries.filter(([key]) => node.required?.includes(key)) : entries;
  return Object.fromEntries(chosen.map(([key, child]) => [key, fill(child, filling, key)]));
}

function fillArray(node: SchemaNode, filling: Filling, name: string): unknown {
  const wanted = filling.depth > deepest - 4 ? 0 : 2;
  const length = Math.min(Math.max(wanted, node.minItems ?? 0), node.maxItems ?? 64);
  return Array.from({ length }, () => fill(node.items ?? {}, filling, name));
}

function fillNumber(node: SchemaNode): number {
  const least =
    node.minimum ?? (node.exclusiveMinimum === undefined ? 0 : node.exclusiveMinimum + 1);
  const usual = Math.max(1, least);
  return node.maximum === undefined ? usual : Math.min(usual, node.maximum);
}

const formats: Record<string, string> = {
  date: '2026-11-20',
  'date-time': '2026-11-20T08:00:00Z',
  time: '08:00:00Z',
  email: 'simulator@example.com',
  uri: 'https://example.com/simulated',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function fillText(node: SchemaNode, filling: Filling, name: string): string {
  const known = node.format === undefined ? undefined : formats[node.format];
  if (known !== undefined) return known;
  filling.used += 1;
  const long = /summary|reason|description|text|content|answer|explanation|why/i.test(name);
  const source = long ? filling.sentences : filling.phrases;
  const text = source[(filling.used - 1) % Math.max(1, source.length)] ?? 'simulated';
  const padded = text.padEnd(node.minLength ?? 0, '.');
  const cut = node.maxLength === undefined ? padded : padded.slice(0, node.maxLength);
  return node.pattern === undefined || new RegExp(node.pattern, 'u').test(cut)
    ? cut
    : matchPattern(node.pattern);
}

/** Enough for the patterns that schemas of identifiers use; no engine runs expressions backwards. */
function matchPattern(pattern: string): string {
  const candidates = ['a', 'A1', '1', 't1', '0000', 'simulated', '2026-11-20', 'a-b', '#000000'];
  return candidates.find((candidate) => new RegExp(pattern, 'u').test(candidate)) ?? 'simulated';
}

function deeper<T>(filling: Filling, run: () => T): T {
  filling.depth += 1;
  const value = run();
  filling.depth -= 1;
  return value;
}
