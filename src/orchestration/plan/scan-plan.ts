import type { PlanItem, Repair } from './planned-task.ts';
import { itemsOf, listMark, parseDamaged, parseStrictly } from './read-objects.ts';
import { createThoughtStripper, type ThoughtStripper } from './strip-thoughts.ts';

/** What a piece of the stream turned out to hold. */
export interface Scanned {
  items: PlanItem[];
  repairs: Repair[];
  /** Text that should have been part of the plan and could not be read. */
  broken: BrokenText[];
}

export interface BrokenText {
  where: string;
  text: string;
  /** The best that could be made of it; used only where asking again did not help. */
  salvage: PlanItem[];
}

export interface PlanScanner {
  /** One line of the stream, without its end. */
  take(line: string): Scanned;
  /** The stream is over. */
  end(): Scanned;
}

interface State {
  stripper: ThoughtStripper;
  noticed: Set<Repair['what']>;
  line: number;
  /** Items found so far. */
  found: number;
  /** An object that has begun and not ended. */
  pending: { text: string; from: number } | null;
  out: Scanned;
}

// A model that never closes a bracket must not make every further line cost more than the last.
const longestPending = 200_000;
const fence = /^\s*```[\w-]*\s*$/;

/**
 * Finds the plan's objects in what should be NDJSON and often is not quite: thoughts, fences, prose,
 * arrays, wrappers, objects over several lines, lines that no JSON parser takes. A line that is a plan
 * object by itself always ends what was broken before it, so one bad line costs itself only.
 */
export function createPlanScanner(): PlanScanner {
  const state: State = {
    stripper: createThoughtStripper(),
    noticed: new Set(),
    line: 0,
    found: 0,
    pending: null,
    out: emptyScan(),
  };
  const collect = (): Scanned => {
    const { out } = state;
    state.out = emptyScan();
    return out;
  };
  return {
    take(line) {
      takeLine(state, line);
      return collect();
    },
    end() {
      flush(state, true);
      const lost = state.stripper.unclosed();
      if (state.found === 0 && lost.trim() !== '') {
        // The closing tag was lost, so the plan itself looks like thinking.
        state.stripper = createThoughtStripper();
        for (const line of lost.split('\n')) takeLine(state, line);
        flush(state, true);
      }
      return collect();
    },
  };
}

function emptyScan(): Scanned {
  return { items: [], repairs: [], broken: [] };
}

function takeLine(state: State, raw: string): void {
  state.line += 1;
  const { text, found, forget } = state.stripper.strip(raw);
  if (forget) state.pending = null;
  if (found) noticeOnce(state, 'thinking', 'Thoughts of the model stood in the plan.');
  if (text.trim() === '') return;
  if (fence.test(text)) {
    noticeOnce(state, 'fenced', 'The plan stood in a code fence.');
    return;
  }
  if (state.pending) continueObject(state, text);
  else beginObject(state, text);
}

function beginObject(state: State, text: string): void {
  const where = `line ${state.line}`;
  const alone = parseStrictly(text);
  if (alone !== undefined) {
    emit(state, alone, where);
    return;
  }
  const unmarked = text.replace(listMark, '');
  if (/^\s*[[{]/.test(unmarked)) {
    state.pending = { text: unmarked, from: state.line };
    return;
  }
  const start = text.search(/[[{]/);
  const inner = start < 0 ? undefined : parseStrictly(text.slice(start));
  if (inner !== undefined && itemsOf(inner).items.length > 0) emit(state, inner, where);
  // Brackets that close a list say nothing; anything else is said to be left out.
  else if (!/^[\]},\s]*$/.test(text)) {
    noticeOnce(state, 'prose', `Prose was left out: ${beginningOf(text)}`);
  }
}

function continueObject(state: State, text: string): void {
  const { pending } = state;
  if (!pending) return;
  const alone = parseStrictly(text);
  if (alone !== undefined && itemsOf(alone).items.length > 0) {
    flush(state, false);
    emit(state, alone, `line ${state.line}`);
    return;
  }
  pending.text += `\n${text}`;
  const whole = parseStrictly(pending.text);
  if (whole !== undefined) {
    state.pending = null;
    emit(state, whole, `line ${pending.from}`);
  } else if (pending.text.length > longestPending) flush(state, false);
}

/** Ends what is pending. Cut off by the end of the stream it is incomplete, however well it can be closed. */
function flush(state: State, cut: boolean): void {
  const { pending } = state;
  if (!pending) return;
  state.pending = null;
  const where = `line ${pending.from}`;
  const value = parseDamaged(pending.text);
  const salvage = value === undefined ? [] : itemsOf(value).items;
  if (salvage.length === 0 || (cut && !closes(pending.text))) {
    state.out.broken.push({ where, text: pending.text, salvage });
    return;
  }
  const message = `It was no valid JSON: ${beginningOf(pending.text)}`;
  state.out.repairs.push({ what: 'bad_json', where, message });
  emit(state, value, where);
}

function emit(state: State, value: unknown, where: string): void {
  const { items, wrapped, unknown } = itemsOf(value);
  if (wrapped) {
    noticeOnce(state, 'wrapped', 'The plan came as one document; its tasks were taken out.');
  }
  state.found += items.length;
  state.out.items.push(...items);
  for (const other of unknown) {
    state.out.broken.push({ where, text: JSON.stringify(other), salvage: [] });
  }
}

function noticeOnce(state: State, what: Repair['what'], message: string): void {
  if (state.noticed.has(what)) return;
  state.noticed.add(what);
  state.out.repairs.push({ what, where: `line ${state.line}`, message });
}

function closes(text: string): boolean {
  return /[}\]]\s*,?\s*(```)?\s*$/.test(text);
}

function beginningOf(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
