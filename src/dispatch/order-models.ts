import { measureCall } from './call-size.ts';
import type { CallOrder } from './dispatch.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import { nearModels } from './left-alone.ts';

/** Bytes of UTF-8 per token that fitting counts on. */
const bytesPerToken = 3;

export interface NamedModel {
  name: string;
  /** Asked only where the hosts of all others are out of reach. */
  isStandIn: boolean;
  /** Nobody comes behind it for whom it would be left. */
  isLast: boolean;
}

/** Whom an order asks in turn: its models, then its stand-ins, without those whose hosts were missed a moment ago. */
export function orderModels(
  parts: Pick<DispatchParts, 'directory' | 'reached' | 'missedAt' | 'clock'>,
  order: Pick<CallOrder, 'models' | 'standIns' | 'request'>,
): NamedModel[] {
  const standIns = new Set(
    (order.standIns ?? []).filter(
      (name) => !order.models.includes(name) && holds(parts, name, order.request),
    ),
  );
  const near = nearModels(parts, [...order.models, ...standIns]);
  const last = near.findLast((name) => !standIns.has(name)) ?? near.at(-1);
  return near.map((name) => ({
    name,
    isStandIn: standIns.has(name),
    isLast: name === last || name === near.at(-1),
  }));
}

/** The prompt was cut to the windows of the models that are asked first; one with a smaller window may not hold it. */
function holds(
  { directory }: Pick<DispatchParts, 'directory'>,
  name: string,
  request: CallOrder['request'],
): boolean {
  const info = directory().find(name)?.info;
  if (!info) return false;
  const { inputBytes } = measureCall(request);
  const output = Math.min(request.maxOutputTokens, info.maxOutputTokens);
  return inputBytes / bytesPerToken + output <= info.contextTokens;
}
