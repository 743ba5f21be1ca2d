import type { AccountPause } from '../accounts/index.ts';

/** A call that was answered. */
interface Answered {
  modelClass: string;
  /** Epoch ms. */
  sentAt: number;
  now: number;
}

/** The pauses that the store may hold, so that only an answer that ends one of them is written down. */
export interface HeldPauses {
  note(accountId: string, pause: AccountPause): void;
  /** Forgets those that the answer ends; whether there were any. */
  end(accountId: string, answered: Answered): boolean;
}

export function createHeldPauses(): HeldPauses {
  const held = new Map<string, readonly AccountPause[]>();
  const of = (accountId: string) => held.get(accountId) ?? [];
  return {
    note(accountId, pause) {
      const others = of(accountId).filter(
        ({ modelClass, dimension }) =>
          modelClass !== pause.modelClass || dimension !== pause.dimension,
      );
      held.set(accountId, [...others, pause]);
    },
    end(accountId, answered) {
      const before = of(accountId);
      const left = before.filter((pause) => !isOver(pause, answered));
      if (left.length === 0) held.delete(accountId);
      else held.set(accountId, left);
      return left.length < before.length;
    },
  };
}

/** As the store judges it; see `releaseAccount`. */
function isOver(pause: AccountPause, { modelClass, sentAt, now }: Answered): boolean {
  if (pause.provenance === 'stated') return pause.until <= now;
  return pause.since <= sentAt && (pause.modelClass === null || pause.modelClass === modelClass);
}
