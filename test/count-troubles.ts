/** What went wrong in runs and was dealt with. */
export interface Troubles {
  /** Of a plan. */
  repairs: number;
  questions: number;
  /** Tasks that were sent back. */
  reworked: number;
  /** Judgements that were not a pass. */
  failing: number;
}

/** What the events of some runs tell of it. Where nothing goes wrong, nothing was tried. */
export function countTroubles(
  events: readonly { type: string; data: Record<string, unknown> }[],
): Troubles {
  const of = (type: string) => events.filter((event) => event.type === type);
  const listed = (type: string, field: string) =>
    of(type).reduce(
      (sum, { data }) => sum + ((data[field] as unknown[] | undefined) ?? []).length,
      0,
    );
  return {
    repairs: of('plan.line_repaired').length,
    questions: listed('brief.clarified', 'clarifications'),
    reworked: of('task.superseded').length,
    failing: of('result.judged').filter(({ data }) => data['decision'] !== 'pass').length,
  };
}
