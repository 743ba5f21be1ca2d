import { foreignUseBounds } from '../../accounts/index.ts';

/** So long it lasts before people are told: one batch of somebody's is no news. */
const beginsAfterMs = 60_000;
/** And so long it is over: who is not calling sees nobody else either. */
const endsAfterMs = 300_000;

/** When others begin and cease to use an account, told once each: in spells, not in looks. */
export interface ForeignUseSpells {
  /** What this look at an account's share (0 to 1) turns, at `now` (epoch ms). */
  judge(accountId: string, share: number, now: number): 'began' | 'ended' | null;
}

/** `shared`: the accounts in a spell that has been told. */
export function createForeignUseSpells(shared: Set<string>): ForeignUseSpells {
  /** Account → epoch ms since which all looks contradict what was told. */
  const changing = new Map<string, number>();

  return {
    judge(id, share, now) {
      const isShared = shared.has(id);
      const { begins, ends } = foreignUseBounds;
      const contradicts = isShared ? share < ends : share >= begins;
      const since = changing.get(id) ?? now;
      changing.set(id, since);
      if (contradicts && now - since < (isShared ? endsAfterMs : beginsAfterMs)) return null;
      changing.delete(id);
      if (!contradicts) return null;
      if (isShared) shared.delete(id);
      else shared.add(id);
      return isShared ? 'ended' : 'began';
    },
  };
}
