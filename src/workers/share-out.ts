/**
 * Shares `total` among parts of the given sizes: small parts get all they need, and what they leave is
 * divided equally among the larger ones (max-min fairness). Whole numbers, never more than `total`.
 */
export function shareOut(sizes: readonly number[], total: number): number[] {
  const shares = sizes.map(() => 0);
  const order = sizes.map((_, index) => index).sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0));
  let left = Math.max(0, Math.floor(total));
  order.forEach((part, position) => {
    const equal = Math.floor(left / (order.length - position));
    const share = Math.min(sizes[part] ?? 0, equal);
    shares[part] = share;
    left -= share;
  });
  return shares;
}
