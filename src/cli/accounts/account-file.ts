/** Accounts as they stand in a file, and where each of them stands. */
export interface AccountFile {
  accounts: unknown[];
  /** `file:line` of the part of an account; `[]` is the account itself. */
  locate(index: number, part: readonly (string | number)[]): string;
}
