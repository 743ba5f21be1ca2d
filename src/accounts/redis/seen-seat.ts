/** What this process last heard of one candidate's windows. */
export interface SeenSeat {
  accountId: string;
  modelClass: string;
  /** -1: no bound. */
  limits: readonly number[];
  used: readonly number[];
  /** Of the whole account. */
  calls: number;
  /** Epoch ms at which the first of what counts against its slowest limit leaves it; `null`: nothing does. */
  refillAt: number | null;
  /** What of it is somebody else's, as of the last beat. */
  foreign: readonly number[];
}
