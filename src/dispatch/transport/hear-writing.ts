import type { Dispatcher } from 'undici';

/** Hears when a request is written: at once on a kept connection, else when a new one has been made. */
export function hearWriting(hear: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        hear();
        handler.onRequestStart?.(controller, context);
      },
      onResponseStart: (...facts) => handler.onResponseStart?.(...facts),
      onResponseData: (...facts) => handler.onResponseData?.(...facts),
      onResponseEnd: (...facts) => handler.onResponseEnd?.(...facts),
      onResponseError: (...facts) => handler.onResponseError?.(...facts),
    });
}
