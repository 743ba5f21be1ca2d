import type { CallOrder, Dispatch, ModelInfo } from '../../dispatch/index.ts';
import type { Principal } from '../../orchestration/index.ts';
import { HeadraceError, isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { type OpenaiChatRequest, readOpenaiChatRequest } from '../../protocol/index.ts';
import { requireAccounts } from '../server/require-accounts.ts';

/** Milliseconds; what OpenAI's own clients wait for an answer. */
const deadlineMs = 600_000;
/** Milliseconds for which a call may stand in the queue before its client is told when to come again. */
const maxWaitMs = 60_000;
/** Output tokens where the client names no bound and the model's own is higher: a bound is always reserved. */
const defaultOutputTokens = 8_192;

export interface ChatOrder {
  chat: OpenaiChatRequest;
  order: CallOrder;
}

/** Throws `no_accounts`, `request_invalid`, `model_unknown`. */
export function readChatOrder(
  dispatch: Pick<Dispatch, 'models' | 'resolveModel'>,
  body: unknown,
  call: { principal: Principal; requestId: string; now: number; signal: AbortSignal },
): ChatOrder {
  requireAccounts(dispatch);
  const chat = readOpenaiChatRequest(body, { defaultMaxOutputTokens: unstated });
  const info = resolveModel(dispatch, chat.model);
  return {
    chat,
    order: {
      models: [info.id],
      request: { ...chat.request, maxOutputTokens: boundOutput(chat, info) },
      tenantId: call.principal.tenantId,
      lane: 'standard',
      owner: { requestId: call.requestId },
      deadlineAt: call.now + deadlineMs,
      maxWaitMs,
      signal: call.signal,
      ...(chat.affinity === null ? {} : { affinity: chat.affinity }),
    },
  };
}

/** OpenAI's clients look for the field that is wrong in `param`. */
function resolveModel(dispatch: Pick<Dispatch, 'resolveModel'>, name: string): ModelInfo {
  try {
    return dispatch.resolveModel(name);
  } catch (error) {
    if (!isHeadraceError(error) || error.code !== 'model_unknown') throw error;
    const { code, message, fix } = error;
    throw new HeadraceError(code, { message, fix, where: 'model', cause: error });
  }
}

const unstated = Number.MAX_SAFE_INTEGER;

function boundOutput({ request }: OpenaiChatRequest, info: ModelInfo): number {
  return request.maxOutputTokens === unstated
    ? Math.min(defaultOutputTokens, info.maxOutputTokens)
    : request.maxOutputTokens;
}
