/**
 * The twenty-two steps of a run and the event that records each.
 * `docs/flows.md` names the function behind every step and is checked against this table.
 */
export const steps = {
  'request.received': 1,
  'auth.asked': 2,
  'token.checked': 3,
  'run.accepted': 4,
  'orchestrator.called': 5,
  'brief.clarified': 6,
  'task.stored': 7,
  'task.assigned': 8,
  'task.announced': 9,
  'task.queued': 10,
  'credential.lent': 11,
  'call.admitted': 12,
  'account.chosen': 13,
  'task.claimed': 14,
  'call.sent': 15,
  'answer.collected': 16,
  'answers.merged': 17,
  'result.judged': 18,
  'result.stored': 19,
  'verdict.returned': 20,
  'run.updated': 21,
  'result.delivered': 22,
} as const satisfies Record<string, number>;

/** Events that are not one of the twenty-two steps. */
export const sideEvents = [
  'questions.asked',
  'questions.answered',
  'plan.line_accepted',
  'plan.line_repaired',
  'plan.completed',
  'plan.approved',
  'plan.changed',
  'task.ready',
  'task.handed_back',
  'task.failed',
  'task.cancelled',
  'task.superseded',
  'task.lease_lapsed',
  'task.redriven',
  'attempt.ended',
  'rework.ordered',
  'run.paused',
  'run.resumed',
  'run.cancelled',
  'run.failed',
  'run.succeeded',
  'budget.cut',
] as const;

export type StepEvent = keyof typeof steps;
export type EventType = StepEvent | (typeof sideEvents)[number];

/** After one of these no further event of the run follows but `result.delivered`. */
export const terminalEvents: readonly EventType[] = [
  'run.succeeded',
  'run.failed',
  'run.cancelled',
];

/** The step of the design that an event records, or `null` for a side event. */
export function stepOf(type: EventType): number | null {
  return type in steps ? steps[type as StepEvent] : null;
}
