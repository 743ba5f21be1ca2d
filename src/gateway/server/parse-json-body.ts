import type { ErrorCode } from '../../platform/errors/catalogue.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { findJsonError } from './find-json-error.ts';

/** Deeper documents are refused: a schema of ours needs 6, and every walk over a body may recurse. */
const maxDepth = 64;
/** More values are refused: each wrong one becomes an issue of its schema, and millions of them fill the memory. */
const maxValues = 200_000;

/**
 * Bytes of a body → JSON value whose objects have no prototype, so that a member called
 * `__proto__` or `constructor` is data like any other. Strings are well-formed and hold no NUL,
 * which PostgreSQL could not store. Throws `request_invalid`, or `brief_not_text` where
 * `carriesBrief`.
 */
export function parseJsonBody(bytes: Buffer, carriesBrief: boolean): unknown {
  if (bytes.length === 0) return undefined;
  const notText = carriesBrief ? 'brief_not_text' : 'request_invalid';
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    throw new HeadraceError(notText, { message: 'The body is not valid UTF-8.', where: 'body' });
  }
  return adopt(parseNamingPosition(text), { notText, trail: ['body'], values: 0 });
}

/** Strict: `undefined` where a byte does not belong. A leading byte order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseNamingPosition(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const position = findJsonError(text);
    const before = text.slice(0, position);
    const line = before.split('\n').length;
    const column = position - before.lastIndexOf('\n');
    const what =
      position >= text.length ? 'it ends too early' : 'this character cannot stand there';
    throw new HeadraceError('request_invalid', {
      message: `The body is not JSON: at line ${line}, column ${column} (position ${position}) ${what}.`,
      where: 'body',
      fix: 'Send a JSON document (RFC 8259).',
      cause,
    });
  }
}

interface Walk {
  /** The code for strings that are none. */
  notText: ErrorCode;
  /** Where the walk is: names and indexes from the body down. */
  trail: (string | number)[];
  values: number;
}

function adopt(value: unknown, walk: Walk): unknown {
  walk.values += 1;
  if (walk.values > maxValues) throw refuse(walk, `The body has more than ${maxValues} values.`);
  if (typeof value === 'string') requireText(value, walk);
  if (typeof value !== 'object' || value === null) return value;
  if (walk.trail.length > maxDepth) {
    throw refuse(walk, `The body is nested deeper than ${maxDepth}.`);
  }
  if (Array.isArray(value)) return adoptArray(value, walk);
  return adoptObject(value, walk);
}

function adoptArray(items: unknown[], walk: Walk): unknown[] {
  return items.map((item, index) => adoptMember(item, { walk, key: index }));
}

function adoptObject(source: object, walk: Walk): Record<string, unknown> {
  const target: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(source)) {
    requireText(name, walk);
    target[name] = adoptMember(member, { walk, key: name });
  }
  return target;
}

function adoptMember(value: unknown, { walk, key }: { walk: Walk; key: string | number }): unknown {
  walk.trail.push(key);
  const adopted = adopt(value, walk);
  walk.trail.pop();
  return adopted;
}

function requireText(value: string, walk: Walk): void {
  if (value.isWellFormed() && !value.includes('\0')) return;
  const message = 'A string here is not Unicode text: it holds NUL or half a surrogate pair.';
  throw new HeadraceError(walk.notText, { message, where: walk.trail.join('.') });
}

function refuse({ trail }: Walk, message: string): HeadraceError {
  return new HeadraceError('request_invalid', { message, where: trail.slice(0, 3).join('.') });
}
