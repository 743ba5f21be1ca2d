/**
 * Calls of `work` one after the other, each begun after it was asked for: of two readings at once the one
 * that read less may end last, and would take a change back.
 */
export function inTurn(work: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.catch(() => undefined).then(work);
    return last;
  };
}
