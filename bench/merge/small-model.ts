import { think } from '../../simulator/mind/think.ts';
import { countTokens, cutTokens } from '../../simulator/tokens.ts';
import type { CallOrder, Dispatch } from '../../src/dispatch/index.ts';
import { fakeDispatch, modelInfo, outcomeOf } from '../../test/fake-dispatch.ts';

export interface SmallModel {
  id: string;
  dispatch: Dispatch;
  calls(): number;
  /** The fullest call so far: tokens of its prompt and of the output it reserves. */
  fullest(): number;
  /** Prompts that did not fit with the output they reserve. */
  overflows(): number;
}

/** A simulated model with a small window, in this process. It refuses nothing; it counts what would not fit. */
export function createSmallModel(seed: string, contextTokens: number): SmallModel {
  const id = 'qwen/small';
  let calls = 0;
  let fullest = 0;
  let overflows = 0;
  const answer = (order: CallOrder) => {
    const turns = order.request.messages.map(({ role, content }) => ({
      role,
      text: typeof content === 'string' ? content : JSON.stringify(content),
    }));
    const room = order.request.maxOutputTokens ?? contextTokens;
    const size = turns.reduce((sum, { text }) => sum + countTokens(text), room);
    calls += 1;
    fullest = Math.max(fullest, size);
    if (size > contextTokens) overflows += 1;
    const isJson = order.request.output?.type === 'json';
    const demand = { kind: isJson ? ('object' as const) : ('text' as const) };
    const text = think({ seed, author: id, turns, demand, room, missesCriterion: false });
    return Promise.resolve(outcomeOf(order, cutTokens(text, room)));
  };
  return {
    id,
    dispatch: fakeDispatch(answer, [modelInfo(id, { contextTokens })]),
    calls: () => calls,
    fullest: () => fullest,
    overflows: () => overflows,
  };
}
