const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
const identity = { id: 'chatcmpl-1', model: 'model', created: 0 };

/** An OpenAI-compatible host's reply in one document. */
export function answerDocument(content: string): string {
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  return JSON.stringify({ ...identity, object: 'chat.completion', choices, usage });
}

/** The same as a stream of server-sent events. */
export function answerStream(content: string): string {
  const chunk = (choices: object[], more: object = {}) =>
    `data: ${JSON.stringify({ ...identity, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
  return [
    chunk([{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }]),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    chunk([], { usage }),
    'data: [DONE]\n\n',
  ].join('');
}
