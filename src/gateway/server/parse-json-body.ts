import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { findJsonError } from './find-json-error.ts';

/** Deeper documents are refused: a schema of ours needs 6, and every walk over a body may recurse. */
const maxDepth = 64;

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
  const value = parseNamingPosition(text);
  const adopted = adopt(value, []);
  if (adopted.flaw !== undefined) {
    const { path, reason } = adopted.flaw;
    const code = reason === notStorable ? notText : 'request_invalid';
    throw new HeadraceError(code, { message: reason, where: ['body', ...path].join('.') });
  }
  return adopted.value;
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

const notStorable = 'A string here is not Unicode text: it holds NUL or half a surrogate pair.';

interface Adopted {
  value: unknown;
  flaw?: { path: string[]; reason: string };
}

function adopt(value: unknown, path: string[]): Adopted {
  if (typeof value === 'string') return isText(value) ? { value } : flawed(path, notStorable);
  if (typeof value !== 'object' || value === null) return { value };
  if (path.length >= maxDepth) return flawed(path, `The body is nested deeper than ${maxDepth}.`);
  return Array.isArray(value) ? adoptArray(value, path) : adoptObject(value, path);
}

function adoptArray(items: unknown[], path: string[]): Adopted {
  for (const [index, item] of items.entries()) {
    const adopted = adopt(item, [...path, String(index)]);
    if (adopted.flaw) return adopted;
    items[index] = adopted.value;
  }
  return { value: items };
}

function adoptObject(source: object, path: string[]): Adopted {
  const target: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(source)) {
    if (!isText(name)) return flawed(path, notStorable);
    const adopted = adopt(member, [...path, name]);
    if (adopted.flaw) return adopted;
    target[name] = adopted.value;
  }
  return { value: target };
}

function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}

function flawed(path: string[], reason: string): Adopted {
  return { value: undefined, flaw: { path, reason } };
}
