import type { z } from 'zod';

/**
 * zod's findings in words for people who have never heard of zod: `safeParse(value, { error: plainWords })`.
 * A schema's own message goes before it.
 */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `expected ${nameType(issue.expected)}, found ${nameValue(issue.input)}`;
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(', ')}, found ${showChoice(issue.input)}`;
    case 'too_small':
      return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${measure(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${measure(issue.origin, issue.maximum)}`;
    case 'unrecognized_keys':
      return `unknown ${issue.keys.length > 1 ? 'fields' : 'field'} ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    case 'invalid_union':
      return `has none of the shapes that are read here, found ${nameValue(issue.input)}`;
    default:
      return undefined;
  }
};

const types: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function nameType(expected: string): string {
  return types[expected] ?? expected;
}

/** Short and without the value of a text: it may be long, or a secret. */
function nameValue(input: unknown): string {
  if (input === null) return 'null';
  if (input === undefined) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'string') return 'a text';
  if (typeof input === 'number' || typeof input === 'boolean') return String(input);
  return 'an object';
}

/** Where a few words are possible, the one that was written tells the slip. */
function showChoice(input: unknown): string {
  return typeof input === 'string' ? JSON.stringify(input.slice(0, 40)) : nameValue(input);
}

const things: Record<string, (count: number | bigint) => string> = {
  string: (count) => `${count} character${count === 1 ? '' : 's'}`,
  array: (count) => `${count} item${count === 1 ? '' : 's'}`,
};

function measure(origin: string, limit: number | bigint): string {
  return things[origin]?.(limit) ?? String(limit);
}
