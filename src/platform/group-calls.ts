import { isHeadraceError } from './errors/headrace-error.ts';

/**
 * Makes of calls that come at the same time one piece of work per key, e.g. one transaction per run: they
 * would stand in line for its row anyway. Calls of one turn, and all that come while a group of their key
 * is under way, are the next group; a group is at most `limit` calls. Where a group fails each of its
 * calls is done alone, so that one call's refusal is not its neighbours'; `work` must allow that.
 */
export function groupCalls<Item, Result>(
  work: Work<Item, Result>,
  { limit = 128 } = {},
): (key: string, item: Item) => Promise<Result> {
  const lines = new Map<string, Call<Item, Result>[]>();

  const serve = async (key: string, line: Call<Item, Result>[]): Promise<void> => {
    // The rest of the turn may bring more of them.
    await new Promise((resolve) => setImmediate(resolve));
    while (line.length > 0) await doTogether(work, key, line.splice(0, limit));
    lines.delete(key);
  };
  return (key, item) =>
    new Promise((resolve, reject) => {
      const call = { item, resolve, reject };
      const line = lines.get(key);
      if (line) {
        line.push(call);
        return;
      }
      const first = [call];
      lines.set(key, first);
      void serve(key, first);
    });
}

type Work<Item, Result> = (key: string, items: readonly Item[]) => Promise<readonly Result[]>;

interface Call<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

async function doTogether<Item, Result>(
  work: Work<Item, Result>,
  key: string,
  group: readonly Call<Item, Result>[],
): Promise<void> {
  try {
    const results = await work(
      key,
      group.map(({ item }) => item),
    );
    if (results.length !== group.length) throw new Error('A group did not answer all its calls.');
    for (const [index, result] of results.entries()) group[index]?.resolve(result);
  } catch (error) {
    const alone = group.length === 1 || isStoreAway(error);
    if (alone) for (const call of group) call.reject(error);
    else for (const call of group) await doTogether(work, key, [call]);
  }
}

/** Asked again one by one it would be away as well. */
function isStoreAway(error: unknown): boolean {
  return (
    isHeadraceError(error) &&
    (error.code === 'store_unavailable' || error.code === 'store_disk_full')
  );
}
