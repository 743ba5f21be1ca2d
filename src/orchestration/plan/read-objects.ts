import { parseModelJson } from '../../protocol/index.ts';
import { classifyObject } from './classify-object.ts';
import type { PlanItem } from './planned-task.ts';

/** `- {…}` and `1. {…}`: lists that models like to make. */
export const listMark = /^\s*(?:[-*•]|\d+[.)])\s+(?=[[{])/;

/** The plan's items in a value: itself, the elements of a list, the tasks of a wrapper. */
export function itemsOf(value: unknown): {
  items: PlanItem[];
  wrapped: boolean;
  unknown: unknown[];
} {
  const items: PlanItem[] = [];
  const unknown: unknown[] = [];
  let wrapped = Array.isArray(value);
  for (const each of Array.isArray(value) ? value : [value]) {
    const classified = classifyObject(each);
    if (classified) {
      wrapped ||= classified.wrapped;
      items.push(...classified.items);
    } else unknown.push(each);
  }
  return { items, wrapped, unknown };
}

/** A JSON object or array, or `undefined`. A comma at its end is one of the list around it. */
export function parseStrictly(text: string): unknown {
  const trimmed = text.replace(listMark, '').trim().replace(/,$/, '');
  if (!/^[[{]/.test(trimmed)) return undefined;
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return undefined;
  }
}

/** What can be made of damaged JSON, or `undefined`. */
export function parseDamaged(text: string): unknown {
  try {
    const { value } = parseModelJson(text);
    return value !== null && typeof value === 'object' ? value : undefined;
  } catch {
    // It stays broken, and the planner is asked for it again.
    return undefined;
  }
}
