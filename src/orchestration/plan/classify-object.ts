import { storable } from '../storable.ts';
import type { PlanItem } from './planned-task.ts';

const wrappers = ['tasks', 'plan', 'steps', 'subtasks'];
const taskFields = ['title', 'instruction', 'instructions', 'description', 'prompt', 'name'];

/** What an object of a plan is, or `null` where it is none. A wrapper holds several. */
export function classifyObject(value: unknown): { items: PlanItem[]; wrapped: boolean } | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const fields = storable(value) as Record<string, unknown>;
  const list = wrappers.map((name) => fields[name]).find(Array.isArray);
  if (list) return unwrapDocument(fields, list);
  if (fields['end'] === true) {
    return { items: [endOf(fields)], wrapped: false };
  }
  if (taskFields.some((name) => typeof fields[name] === 'string')) {
    return { items: [{ type: 'task', fields }], wrapped: false };
  }
  if (Array.isArray(fields['criteria'])) {
    return { items: [criteriaOf(fields['criteria'])], wrapped: false };
  }
  if (fields['task'] && typeof fields['task'] === 'object') return classifyObject(fields['task']);
  return null;
}

function unwrapDocument(fields: Record<string, unknown>, list: unknown[]) {
  const items: PlanItem[] = [];
  if (Array.isArray(fields['criteria'])) items.push(criteriaOf(fields['criteria']));
  for (const each of list) items.push(...(classifyObject(each)?.items ?? []));
  items.push(endOf({ count: list.length, ...fields }));
  return { items, wrapped: true };
}

function criteriaOf(list: readonly unknown[]): PlanItem {
  return {
    type: 'criteria',
    criteria: list.flatMap((each) => {
      if (typeof each === 'string') return each.trim() === '' ? [] : [each.trim()];
      const text = (each as Record<string, unknown> | null)?.['text'];
      return typeof text === 'string' && text.trim() !== '' ? [text.trim()] : [];
    }),
  };
}

function endOf(fields: Record<string, unknown>): PlanItem {
  const { count, single, order } = fields;
  return {
    type: 'end',
    count: typeof count === 'number' ? count : null,
    single: typeof single === 'string' && single.trim() !== '' ? single.trim() : null,
    order: Array.isArray(order) ? order.filter((key) => typeof key === 'string') : [],
  };
}
