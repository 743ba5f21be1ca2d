import type { CallOrder, Dispatch } from '../../dispatch/index.ts';
import type { Principal } from '../../orchestration/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { errorFields, type Log } from '../../platform/log.ts';
import { describeClosing } from '../server/describe-closing.ts';
import { readFailure } from '../server/read-failure.ts';
import { describeCall } from './call-headers.ts';
import type { ChatSink } from './chat-sink.ts';

/**
 * Streams a call's answer. Until the first chunk a failure is thrown, and leaves with its status;
 * after it the failure is the last chunk.
 */
export async function streamChat(
  { dispatch, log }: { dispatch: Pick<Dispatch, 'call'>; log: Log },
  { order, principal }: { order: CallOrder; principal: Principal },
  sink: ChatSink,
): Promise<void> {
  try {
    const { answer } = await dispatch.call({
      ...order,
      onAnswering: (answering) => {
        const model = `${answering.provider}/${answering.model}`;
        sink.announce(model, describeCall(answering, principal));
      },
      onEvent: (event) => sink.write(event),
    });
    if (answer.finishReason === 'error') throw new HeadraceError('upstream_failed');
    // An answer without a single event is an answer still: an empty one.
    if (!sink.opened()) await sink.write({ type: 'end', ...answer });
    await sink.finish();
  } catch (error) {
    if (!sink.opened()) throw error;
    // Aborted: the client is gone, or the gateway closes; only the latter has somebody to tell.
    const failure = order.signal.aborted ? describeClosing(error) : readFailure(error);
    if (!order.signal.aborted) log.warn('stream.cut', errorFields(failure));
    await sink.fail(failure);
  }
}
