import { jsonrepair } from 'jsonrepair';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Json } from '../../platform/json.ts';
import { findValue } from './find-value.ts';
import { fixEscapes } from './fix-escapes.ts';

export type JsonRepair =
  | 'thinking_removed'
  | 'fence_removed'
  | 'surroundings_removed'
  | 'escapes_fixed'
  | 'syntax_repaired';

export interface ParsedJson {
  value: Json;
  /** What had to be done to the text, in order; empty where it was JSON as it came. */
  repairs: JsonRepair[];
}

/**
 * The JSON of a model's answer. Each stage is tried only where those before it failed: the text as it
 * is, without `<think>`, the longest object or array in it, with escapes fixed, with its syntax
 * repaired. Throws `answer_invalid`, and nothing else.
 */
export function parseModelJson(text: string): ParsedJson {
  const whole = parseStrict(text);
  if (whole !== undefined) return { value: whole, repairs: [] };
  for (const candidate of candidatesIn(text)) {
    const parsed = parseCandidate(candidate);
    if (parsed !== null) return parsed;
  }
  throw new HeadraceError('answer_invalid', {
    message: `The model's answer holds no readable JSON: "${excerpt(text)}".`,
  });
}

interface Candidate {
  text: string;
  repairs: JsonRepair[];
}

/** The text behind the reasoning first; a `</think>` may also stand inside a string of the value. */
function candidatesIn(text: string): Candidate[] {
  const body = text.trimStart();
  const opened = body.startsWith('<think>');
  const close = body.indexOf('</think>');
  const asIs: Candidate = { text: body, repairs: [] };
  const repairs: JsonRepair[] = ['thinking_removed'];
  if (close >= 0) return [{ text: body.slice(close + '</think>'.length), repairs }, asIs];
  return opened ? [{ text: body.slice('<think>'.length), repairs }] : [asIs];
}

function parseCandidate({ text, repairs }: Candidate): ParsedJson | null {
  const plain = parseStrict(text);
  if (plain !== undefined) return { value: plain, repairs };
  const region = findValue(text);
  if (region === null) return null;
  const around = text.slice(0, region.start) + text.slice(region.end);
  const cut = [...repairs, ...namesOf(around)];
  const inner = text.slice(region.start, region.end);
  return parseRegion(region.closed ? inner : dropTrailingFence(inner), cut);
}

function parseRegion(text: string, repairs: JsonRepair[]): ParsedJson | null {
  const strict = parseStrict(text);
  if (strict !== undefined) return { value: strict, repairs };
  const escaped = fixEscapes(text);
  const fixed: JsonRepair[] = escaped === text ? repairs : [...repairs, 'escapes_fixed'];
  const unescaped = parseStrict(escaped);
  if (unescaped !== undefined) return { value: unescaped, repairs: fixed };
  try {
    const repaired = parseStrict(jsonrepair(escaped));
    if (typeof repaired !== 'object' || repaired === null) return null;
    return { value: repaired, repairs: [...fixed, 'syntax_repaired'] };
  } catch {
    // Beyond repair, or nested deeper than the repair's own stack.
    return null;
  }
}

function namesOf(around: string): JsonRepair[] {
  const fence = /```[\w-]*/g;
  const fenced: JsonRepair[] = around.includes('```') ? ['fence_removed'] : [];
  return around.replace(fence, '').trim() === '' ? fenced : [...fenced, 'surroundings_removed'];
}

/** A value that was cut off ends where its fence is closed. */
function dropTrailingFence(text: string): string {
  const fence = text.lastIndexOf('\n```');
  return fence < 0 ? text : text.slice(0, fence);
}

function parseStrict(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
