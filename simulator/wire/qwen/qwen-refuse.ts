import type { Breach } from '../../limits/gate.ts';
import type { Reason, Refusal } from '../wire.ts';

type QwenError = { status: number; message: string; type: string; code: string };

/** DashScope's compatible mode; here `insufficient_quota` is a passing throttle of tokens. */
export function refuseAsQwen(reason: Reason, requestId: string): Refusal {
  const { status, message, type, code } = explain(reason);
  return {
    status,
    headers: {},
    body: { error: { message, type, param: null, code }, request_id: requestId },
  };
}

function explain(reason: Reason): QwenError {
  const type = 'invalid_request_error';
  const invalid = { status: 400, type, code: 'invalid_parameter_error' };
  switch (reason.kind) {
    case 'unauthorized':
      return {
        status: 401,
        message:
          'Incorrect API key provided. For details, see: https://www.alibabacloud.com/help/en/model-studio/error-code#apikey-error',
        type,
        code: 'invalid_api_key',
      };
    case 'no_route':
      return { status: 404, message: `Not found: ${reason.path}`, type, code: 'not_found' };
    case 'bad_json':
      return {
        ...invalid,
        message: 'Required body invalid, please check the request body format.',
      };
    case 'invalid':
      return {
        ...invalid,
        message: `<400> InternalError.Algo.InvalidParameter: ${reason.message}`,
      };
    case 'unknown_model':
      return {
        status: 404,
        message: `The model \`${reason.model}\` does not exist or you do not have access to it.`,
        type,
        code: 'model_not_found',
      };
    case 'too_long':
      return {
        ...invalid,
        message: `<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, ${reason.maximum}]`,
      };
    case 'limited':
      return { status: 429, ...explainLimit(reason.breach) };
    case 'unpaid':
      return {
        status: 400,
        message: 'Access denied, please make sure your account is in good standing.',
        type: 'Arrearage',
        code: 'Arrearage',
      };
    case 'overloaded':
    case 'unavailable':
      return {
        status: 503,
        message: 'The model is currently unavailable. Please try again later.',
        type: 'server_error',
        code: 'ModelUnavailable',
      };
    case 'server_error':
      return {
        status: 500,
        message:
          'An internal error has occured, please try again later or contact service support.',
        type: 'internal_server_error',
        code: 'internal_error',
      };
  }
}

function explainLimit({ dimension }: Breach): Omit<QwenError, 'status'> {
  return dimension === 'rpm'
    ? {
        message: 'You exceeded your current requests list.',
        type: 'limit_requests',
        code: 'limit_requests',
      }
    : {
        message: 'You exceeded your current quota, please check your plan and billing details.',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      };
}
