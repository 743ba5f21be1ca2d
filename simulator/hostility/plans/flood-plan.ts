import { clip } from '../../mind/language/clip.ts';
import type { Damage } from '../damage.ts';
import { changeTasks } from './change-tasks.ts';

const floodTasks = 10_000;

const flood = changeTasks(1, (tasks) =>
  Array.from({ length: floodTasks }, (_, index) => {
    const title = clip(tasks[index % tasks.length]?.title ?? '', 24);
    const number = index + 1;
    return { id: `t${number}`, title: `${title} ${number}`, instruction: `${title}: ${number}.` };
  }),
);

/** A plan that does not end: about a megabyte, which no cap of the client holds back. */
export const floodPlan = {
  'plan.flood': (given, draw) => {
    const flooded = flood(given, draw);
    return flooded && { ...flooded, beyondCap: true };
  },
} satisfies Record<string, Damage>;
