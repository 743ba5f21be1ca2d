import { z } from 'zod';

/** What every list takes. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(512).optional().describe('The next_cursor of the page before.'),
});

/** What every list answers. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(item),
    next_cursor: z.string().nullable().describe('null: there is no more.'),
  });

export function writePage<Item>(page: { items: Item[]; next_cursor: string | null }) {
  return { data: page.items, next_cursor: page.next_cursor };
}
