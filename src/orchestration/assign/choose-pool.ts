import type { ModelInfo, PoolHeadroom } from '../../dispatch/index.ts';
import type { ReadyTask } from '../../queue/index.ts';

/** What the balancer knows while it hands out one round of assignments. */
export interface Board {
  /** Slots of live workers that nothing occupies, per provider; counted down. */
  free: Map<string, number>;
  /** All slots of live workers per provider. */
  slots: ReadonlyMap<string, number>;
  /** Assigned and not yet called, per model: the limiter does not know of them. Counted up. */
  underway: Map<string, number>;
  models: ReadonlyMap<string, ModelInfo>;
}

export type Choice =
  | { kind: 'assign'; provider: string; model: string }
  /** Nothing can take it now; something may after `waitMs`. */
  | { kind: 'wait'; waitMs: number }
  | { kind: 'never'; code: 'model_unknown' | 'never_fits'; message: string };

/** A pool that asks for this long will never take the task. */
const neverMs = 300 * 86_400_000;
/** How much rather a model is taken than one of the next tier, all else being equal. */
const suitability: Record<ModelInfo['tier'], number> = { 3: 1, 2: 0.8, 1: 0.5 };

/**
 * Step ⑬, first half: a pool with headroom and a live slot. A task that names models gets the first of
 * them that can take it; any other goes where headroom, ability and free slots together are best, so
 * that work spreads over all providers. Counts the board down where it assigns.
 */
export function choosePool(
  task: Pick<ReadyTask, 'models' | 'blockedProviders'>,
  pools: readonly PoolHeadroom[],
  board: Board,
): Choice {
  const never = explainNever(task, pools, board);
  if (never) return never;
  const open = pools.filter(
    (pool) =>
      !task.blockedProviders.includes(pool.provider) &&
      (board.free.get(pool.provider) ?? 0) > 0 &&
      pool.callsNow > (board.underway.get(pool.model) ?? 0),
  );
  const ranked = open.toSorted(
    (one, other) =>
      rankOf(task, one) - rankOf(task, other) || scoreOf(other, board) - scoreOf(one, board),
  );
  const best = ranked[0];
  if (!best) return { kind: 'wait', waitMs: shortestWait(pools) };
  board.free.set(best.provider, (board.free.get(best.provider) ?? 0) - 1);
  board.underway.set(best.model, (board.underway.get(best.model) ?? 0) + 1);
  return { kind: 'assign', provider: best.provider, model: best.model };
}

/** Position among the models that the task names; 0 for all where it names none. */
function rankOf(task: Pick<ReadyTask, 'models'>, pool: PoolHeadroom): number {
  return task.models.length === 0 ? 0 : task.models.indexOf(pool.model);
}

function scoreOf(pool: PoolHeadroom, board: Board): number {
  const tier = board.models.get(pool.model)?.tier ?? 1;
  const free = board.free.get(pool.provider) ?? 0;
  const slots = Math.max(1, board.slots.get(pool.provider) ?? 1);
  return pool.headroom * suitability[tier] * (free / slots);
}

function shortestWait(pools: readonly PoolHeadroom[]): number {
  const waits = pools.map((pool) => pool.waitMs).filter((wait) => wait < neverMs && wait > 0);
  return waits.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...waits);
}

function explainNever(
  task: Pick<ReadyTask, 'models'>,
  pools: readonly PoolHeadroom[],
  board: Board,
): Choice | null {
  // Accounts may just be cooling while their models are known; then waiting helps.
  const known = task.models.filter((model) => board.models.has(model));
  if (task.models.length > 0 && known.length === 0) {
    const message = `No account serves ${task.models.join(' or ')}.`;
    return { kind: 'never', code: 'model_unknown', message };
  }
  if (pools.length > 0 && pools.every((pool) => pool.waitMs >= neverMs)) {
    const names = pools.map((pool) => pool.model).join(', ');
    const message = `It is larger than the limits of every account that serves ${names}.`;
    return { kind: 'never', code: 'never_fits', message };
  }
  return null;
}
