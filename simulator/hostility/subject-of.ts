import { type Role, readTags } from '../mind/read-prompt.ts';
import type { GivenAnswer } from './damage.ts';

/** What stays the same whichever model a task is given to, and however the inputs were worded. */
const parts: Record<Role, readonly string[]> = {
  clarifier: ['brief'],
  planner: ['brief', 'plan_so_far', 'problem'],
  worker: ['task', 'acceptance', 'rework'],
  comparer: ['task', 'acceptance'],
  panel: ['task', 'acceptance'],
  merger: ['brief'],
  judge: ['brief', 'criteria'],
  repairer: ['problem'],
};

/**
 * What a call is about: the parts of its prompt that do not depend on the order in which tasks ran,
 * so that two runs of one seed meet the same damage. The members of a panel differ by their model.
 */
export function subjectOf(given: Pick<GivenAnswer, 'role' | 'message' | 'author'>): string {
  const { role, message, author } = given;
  const tags = parts[role].flatMap((name) => readTags(message, name));
  const isMember = tags.some(({ attributes }) => attributes['kind'] === 'member');
  return JSON.stringify([role, tags, isMember ? author : '']);
}
