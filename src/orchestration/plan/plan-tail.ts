import type { NewTask, Task } from '../../queue/index.ts';

/** A piece of a plan's end: tasks to store, or ids of stored ones that move behind what precedes them. */
export interface TailPiece {
  added: NewTask[];
  moved: string[];
}

/** What was added and what moved, which is the end of `current`, in pieces of one kind. */
export function tailOf(
  current: readonly (Task | NewTask)[],
  { added, moved }: { added: readonly NewTask[]; moved: ReadonlySet<string> },
): TailPiece[] {
  const pieces: TailPiece[] = [];
  for (const { id } of current) {
    const last = pieces.at(-1);
    const task = added.find((each) => each.id === id);
    if (task && last && last.added.length > 0) last.added.push(task);
    else if (task) pieces.push({ added: [task], moved: [] });
    else if (moved.has(id) && last && last.moved.length > 0) last.moved.push(id);
    else if (moved.has(id)) pieces.push({ added: [], moved: [id] });
  }
  return pieces;
}
