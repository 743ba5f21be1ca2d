/** They join other words, or a subject to its amount, and are in every sentence, whatever it is about. */
const joining = new Set(
  (
    'the a an of to in on at by for with and or is are was were be been has have had it its this that these those ' +
    'as from than which who what there their our own about around nearly ' +
    'measure measures measured reach reaches reached total totals amount amounts number numbers ' +
    'là có của và các những một được đã sẽ cho với trong trên từ tại ở này đó khoảng ' +
    '的 了 着 是 为 有 在 于 和 与 及 或 等 之 其 该 这 那 用 来 共 约 达 到 从 由 对 把 被 将 已'
  ).split(' '),
);

export function isJoining(word: string): boolean {
  return joining.has(word);
}
