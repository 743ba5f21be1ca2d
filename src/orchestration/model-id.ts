/** `provider/model` of whoever answered, whether the model was noted with its provider or without. */
export function modelId(answered: { provider: string; model: string }): string {
  const { provider, model } = answered;
  return model.startsWith(`${provider}/`) ? model : `${provider}/${model}`;
}
