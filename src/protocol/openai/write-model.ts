/** One entry of `GET /v1/models`. */
export function writeOpenaiModel(model: {
  /** `provider/model`. */
  id: string;
  ownedBy: string;
  /** Epoch seconds. */
  created: number;
}) {
  return {
    id: model.id,
    object: 'model' as const,
    created: model.created,
    owned_by: model.ownedBy,
  };
}
