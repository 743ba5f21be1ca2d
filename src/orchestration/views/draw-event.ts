import type { JsonObject } from '../../platform/json.ts';
import type { EventType } from '../../platform/steps.ts';
import type { RunEvent } from '../../platform/store/store.ts';
import type { Sequence } from './mermaid-sequence.ts';

/** ① to ㉒. */
function numeral(step: number): string {
  return String.fromCodePoint(step <= 20 ? 0x2460 + step - 1 : 0x3251 + step - 21);
}

type Text = (data: JsonObject) => string;
type Party = string | Text;

interface Move {
  from: Party;
  to: Party;
  label: Text;
  answer?: boolean;
}

const text = (data: JsonObject, field: string) => {
  const value = data[field];
  return value === null || value === undefined ? '' : String(value);
};
const queueOf: Text = (data) => `Queue ${text(data, 'provider') || '?'}`;
const workersOf: Text = (data) => {
  const provider = text(data, 'provider');
  return provider === '' ? 'Orchestrator' : `Workers ${provider}`;
};
const providerOf: Text = (data) => text(data, 'provider') || 'Provider';

/** Who speaks to whom at each step; side events are notes. */
const moves: Partial<Record<EventType, Move>> = {
  'request.received': {
    from: 'Client',
    to: 'Gateway',
    label: (data) => `request ${text(data, 'request_id')}`,
  },
  'auth.asked': { from: 'Gateway', to: 'Auth', label: () => 'who is this?' },
  'token.checked': {
    from: 'Auth',
    to: 'Token store',
    label: (data) => `${text(data, 'method')} is valid, role ${text(data, 'role')}`,
  },
  'run.accepted': {
    from: 'Gateway',
    to: 'Orchestration',
    label: (data) => `run ${text(data, 'number')} is accepted`,
  },
  'orchestrator.called': {
    from: 'Orchestration',
    to: 'Orchestrator LLM',
    label: (data) => `${text(data, 'kind')} (${text(data, 'provider')}/${text(data, 'model')})`,
  },
  'brief.clarified': {
    from: 'Orchestrator LLM',
    to: 'Orchestration',
    label: (data) => `the brief is clear, ${countOf(data, 'clarifications')} questions`,
    answer: true,
  },
  'task.stored': {
    from: 'Orchestration',
    to: 'Store',
    label: (data) => `${text(data, 'key')} ${text(data, 'title')}`,
  },
  'task.assigned': {
    from: 'Orchestration',
    to: 'Broker',
    label: (data) => `assigned to ${text(data, 'model')}`,
  },
  'task.announced': {
    from: 'Broker',
    to: queueOf,
    label: (data) => `announced, number ${text(data, 'assignment')}`,
  },
  'task.queued': { from: queueOf, to: queueOf, label: (data) => `waits in ${text(data, 'lane')}` },
  'credential.lent': {
    from: 'Accounts',
    to: 'Dispatch',
    label: (data) => `credential ${text(data, 'credential')} of ${text(data, 'account')}`,
  },
  'call.admitted': { from: 'Limiter', to: 'Dispatch', label: () => 'admitted' },
  'account.chosen': {
    from: 'Balancer',
    to: 'Dispatch',
    label: (data) => `account ${text(data, 'account')}`,
  },
  'task.claimed': {
    from: workersOf,
    to: 'Store',
    label: (data) => `claimed, try ${text(data, 'try') || '1'}`,
  },
  'call.sent': {
    from: 'Dispatch',
    to: providerOf,
    label: (data) => `${text(data, 'model')} for ${text(data, 'task')} ${text(data, 'title')}`,
  },
  'answer.collected': {
    from: 'Results',
    to: 'Store',
    label: (data) => `answer of ${text(data, 'key')} collected`,
  },
  'answers.merged': {
    from: 'Results',
    to: 'Orchestration',
    label: (data) => `merged by ${text(data, 'route')}`,
  },
  'result.judged': {
    from: 'Orchestrator LLM',
    to: 'Results',
    label: (data) =>
      `${text(data, 'decision')}, ${text(data, 'criteria_met')} of ${text(data, 'criteria_total')} criteria`,
  },
  'result.stored': { from: 'Results', to: 'Store', label: () => 'the result is stored' },
  'verdict.returned': {
    from: 'Results',
    to: 'Orchestration',
    label: (data) => `verdict ${text(data, 'decision')}, next ${text(data, 'next')}`,
    answer: true,
  },
  'run.updated': {
    from: 'Orchestration',
    to: 'Store',
    label: (data) => `${text(data, 'from')} → ${text(data, 'status')}`,
  },
  'result.delivered': {
    from: 'Gateway',
    to: 'Client',
    label: () => 'the result',
    answer: true,
  },
};

/** Adds one recorded event to the diagram. */
export function drawEvent(sequence: Sequence, event: RunEvent): void {
  const move = moves[event.type];
  if (!move) {
    sequence.note('Orchestration', noteOf(event));
    return;
  }
  const [from, to] = [move.from, move.to].map((party) =>
    typeof party === 'string' ? party : party(event.data),
  );
  const label = `${event.step === null ? '' : `${numeral(event.step)} `}${move.label(event.data)}`;
  const draw = move.answer ? sequence.reply : sequence.arrow;
  draw(from ?? 'Orchestration', to ?? 'Orchestration', label);
}

function noteOf(event: RunEvent): string {
  const facts = ['key', 'what', 'where', 'code', 'reason', 'outcome', 'message']
    .map((field) => text(event.data, field))
    .filter((value) => value !== '');
  return [event.type, ...facts].join(' · ');
}

function countOf(data: JsonObject, field: string): number {
  const value = data[field];
  return Array.isArray(value) ? value.length : 0;
}
