import { HeadraceError } from '../../platform/errors/headrace-error.ts';

/** The version that a change is meant for: `If-Match: "3"`, or `version` of the body. `*` is any. */
export function readPlanVersion(
  ifMatch: string | undefined,
  version: number | undefined,
): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return version;
  const [, digits] = /^(?:W\/)?"?(\d{1,9})"?$/.exec(ifMatch.trim()) ?? [];
  if (digits !== undefined && (version === undefined || version === Number(digits))) {
    return Number(digits);
  }
  throw new HeadraceError('request_invalid', {
    message: `If-Match is ${JSON.stringify(ifMatch)}; it is one version of the plan, such as "1".`,
    where: 'if-match',
  });
}
