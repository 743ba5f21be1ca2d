/** What this process last heard of one candidate's windows. */
export interface SeenSeat {
  accountId: string;
  modelClass: string;
  /** -1: no bound. */
  limits: readonly number[];
  used: readonly number[];
}
