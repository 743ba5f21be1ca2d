import type { Account } from '../../accounts/index.ts';
import type {
  Provider,
  QuotaEndpoint,
  QuotaPage,
  QuotaQuestion,
  StatedLimit,
} from '../../providers/index.ts';
import { type AskedSeat, type AskParts, askVendor, type VendorWord } from '../desk/ask-vendor.ts';
import { describeWord, type ProbeResult } from '../desk/probe-credential.ts';

/** What a vendor told of an account outside of calls. */
export interface QuotaReading {
  /** What that says of the key that asked. */
  asked: ProbeResult;
  /** An administrator's key asked. */
  byAdmin: boolean;
  /** Nothing, where the vendor did not answer as it documents. */
  limits: readonly StatedLimit[];
  /** `null`: nothing was said of money. */
  solvent: boolean | null;
}

export interface AskedAccount {
  account: Account;
  provider: Provider;
  /** Models that the account serves. */
  models: readonly string[];
}

/** Asks at every address that the vendor has for this account's keys; rejects only when `signal` ends it. */
export async function askQuotas(
  parts: AskParts,
  asked: AskedAccount,
  signal: AbortSignal,
): Promise<QuotaReading[]> {
  const readings: QuotaReading[] = [];
  for (const endpoint of asked.provider.quotas) {
    const reading = await askOne(parts, { ...asked, endpoint }, signal);
    if (reading) readings.push(reading);
  }
  return readings;
}

async function askOne(
  parts: AskParts,
  { account, provider, models, endpoint }: AskedAccount & { endpoint: QuotaEndpoint },
  signal: AbortSignal,
): Promise<QuotaReading | null> {
  const byAdmin = endpoint.credential === 'admin';
  const admin = byAdmin ? best(account.adminCredentials) : undefined;
  const key = byAdmin ? admin : best(account.credentials);
  if (!key) return null;
  const project = admin?.project ?? null;
  const question = { baseUrl: account.baseUrl, project, models };
  // Nothing to ask of this account.
  if (endpoint.build(question, null, '') === null) return null;
  const begun = parts.clock.now();
  const seat = { account, provider, credentialId: key.id };
  const told = await readPages(parts, { seat, endpoint, question }, signal);
  const { word, limits, solvent } = told;
  const asked = describeWord(key.id, word, parts.clock.now() - begun);
  // Half a list would leave models with limits of another day.
  return word.ok
    ? { asked, byAdmin, limits, solvent }
    : { asked, byAdmin, limits: [], solvent: null };
}

/** One that is not refused; a rotated one is the way back only. */
function best<Key extends Account['credentials'][number]>(keys: readonly Key[]): Key | undefined {
  const good = keys.filter(({ refusedAt }) => refusedAt === null);
  return good.find(({ retiresAt }) => retiresAt === null) ?? good[0] ?? keys[0];
}

/** A vendor that never comes to an end is left there. */
const mostPages = 50;

interface Told extends Pick<QuotaReading, 'solvent'> {
  word: VendorWord;
  limits: StatedLimit[];
}

async function readPages(
  parts: AskParts,
  {
    seat,
    endpoint,
    question,
  }: { seat: AskedSeat; endpoint: QuotaEndpoint; question: QuotaQuestion },
  signal: AbortSignal,
): Promise<Told> {
  const told: Told = { word: { ok: true, body: '' }, limits: [], solvent: null };
  let cursor: string | null = null;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const build = buildOf(endpoint, question, cursor);
    if (!build) return told;
    told.word = await askVendor(parts, { seat, build }, signal);
    if (!told.word.ok) return told;
    const page: QuotaPage | null = readPage(endpoint, told.word.body, { question, cursor });
    if (page === null) return { ...told, word: unreadable };
    told.limits.push(...page.limits);
    told.solvent = page.solvent ?? told.solvent;
    cursor = page.next;
    if (cursor === null) return told;
  }
  return told;
}

const unreadable: VendorWord = {
  ok: false,
  kind: null,
  code: 'quota_unreadable',
  message: 'Its answer does not have the documented shape.',
};

function buildOf(endpoint: QuotaEndpoint, question: QuotaQuestion, cursor: string | null) {
  const call = endpoint.build(question, cursor, '');
  if (call === null) return null;
  return (secret: string) => endpoint.build(question, cursor, secret) ?? call;
}

function readPage(
  endpoint: QuotaEndpoint,
  body: string,
  about: { question: QuotaQuestion; cursor: string | null },
): QuotaPage | null {
  try {
    return endpoint.read(JSON.parse(body), about);
  } catch {
    return null;
  }
}
