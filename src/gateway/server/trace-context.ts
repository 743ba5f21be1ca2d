import { createTraceId } from '../../platform/ids.ts';

const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const allZero = /^0+$/;

/**
 * The trace that an incoming `traceparent` continues (https://www.w3.org/TR/trace-context/), or a
 * new one where it is absent, repeated, of another version or all zero.
 */
export function continueTrace(header: string | string[] | undefined): string {
  const [, traceId, parentId] = (typeof header === 'string' && traceparent.exec(header)) || [];
  const usable = traceId && parentId && !allZero.test(traceId) && !allZero.test(parentId);
  return usable ? traceId : createTraceId();
}

const saneRequestId = /^[\w.-]{1,128}$/;

/** The caller's own request id where it can be repeated in headers and logs without harm. */
export function acceptRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && saneRequestId.test(header) ? header : undefined;
}
