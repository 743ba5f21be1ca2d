/** A rule as it is written; a dimension that is `undefined` is learnt. */
export type LimitRule = { models: string[] } & Record<string, unknown>;
