/** What this process last heard of one candidate's windows. */
export interface SeenSeat {
  accountId: string;
  modelClass: string;
  /** -1: no bound. */
  limits: readonly number[];
  used: readonly number[];
  /** What of it is somebody else's, as of the last beat. */
  foreign: readonly number[];
}
