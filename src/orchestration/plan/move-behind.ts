import type { NewTask, Task } from '../../queue/index.ts';

type Placed = Task | NewTask;

/** What waits for a task, at whatever distance, with the task itself and the members of panels, in order. */
export function waitingFor(current: readonly Placed[], task: Placed): Placed[] {
  const ids = new Set([task.id]);
  const members = new Set(current.filter(({ memberOf }) => memberOf === task.id));
  // In this order each depends on earlier ones only, so one pass finds them all.
  for (const other of current) {
    if (other.dependsOn.some(({ id }) => ids.has(id))) ids.add(other.id);
  }
  return current.filter((other) => ids.has(other.id) || members.has(other));
}

/** What has to move behind everything else, in order, where `task` reads what stands behind it. */
export function mustMove(current: readonly Placed[], task: Placed): Placed[] {
  return waitingFor(current, task).filter(isOpen);
}

/** Whether all that `task` reads stands before it. */
export function standsBehindInputs(current: readonly Placed[], task: Placed): boolean {
  const place = current.findIndex(({ id }) => id === task.id);
  const later = new Set(current.slice(place).map(({ id }) => id));
  return !task.dependsOn.some(({ id }) => later.has(id));
}

export function isOpen({ status }: Pick<Task, 'status'>): boolean {
  return !['succeeded', 'failed', 'cancelled', 'superseded'].includes(status);
}
