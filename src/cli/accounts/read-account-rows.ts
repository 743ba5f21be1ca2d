import { CsvError, type Info, parse } from 'csv-parse/sync';
import { CliError } from '../cli-error.ts';
import type { AccountFile } from './account-file.ts';

const limitColumns = ['rpm', 'rpd', 'tpm', 'itpm', 'otpm', 'concurrency'];
const termColumns = ['weight', 'price_factor'];
const columns = [
  'id',
  'provider',
  'owner_email',
  'entitlement',
  'base_url',
  'models',
  'secret',
  'admin_secret',
  'admin_project',
  ...limitColumns,
  ...termColumns,
];
const needed = ['id', 'provider', 'secret'];

type Row = Record<string, string>;

/**
 * One account per row, its columns by name: `models` are separated by spaces, a limit that is empty is
 * learnt, and `none` is unlimited; limits are for all models of the account.
 */
export function readAccountRows(text: string, name: string): AccountFile {
  const rows = readRows(text, name);
  return {
    accounts: rows.map(({ record }) => accountOf(record)),
    locate: (index) => `${name}:${rows[index]?.line ?? 1}`,
  };
}

interface ReadRow {
  record: Row;
  line: number;
}

function readRows(text: string, name: string): ReadRow[] {
  let rows: { record: Row; info: Info }[];
  try {
    rows = parse(text, {
      bom: true,
      columns: (header: string[]) => checkHeader(header, name),
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: Row; info: Info }[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Its message quotes the row, and the row holds a key.
    const line = Number(error['lines'] ?? 1);
    throw new CliError('usage', {
      message: `${name} has a row that is not valid CSV.`,
      where: `${name}:${line}`,
      fix: 'Give every row as many cells as the header, and close every quotation mark.',
      cause: error,
    });
  }
  if (rows.length > 0) return rows.map(({ record, info }) => ({ record, line: info.lines }));
  throw new CliError('usage', {
    message: `${name} holds no row below its header.`,
    where: name,
    fix: `Write a header such as ${columns.join(',')} and a row per account.`,
  });
}

function checkHeader(header: readonly string[], name: string): string[] {
  const names = header.map((column) => column.trim().toLowerCase());
  const unknown = names.find((column) => !columns.includes(column));
  const missing = needed.find((column) => !names.includes(column));
  if (unknown === undefined && missing === undefined) return names;
  throw new CliError('usage', {
    message:
      unknown === undefined
        ? `${name} lacks the column ${missing}.`
        : `${name} has the unknown column ${JSON.stringify(unknown.slice(0, 40))}.`,
    where: `${name}:1`,
    fix: `The columns are ${columns.join(', ')}; ${needed.join(', ')} are needed.`,
  });
}

function accountOf(row: Row): Record<string, unknown> {
  const limits = readNumbers(row, limitColumns);
  const given = ['owner_email', 'entitlement', 'base_url'].flatMap((column) => {
    const cell = row[column] ?? '';
    return cell === '' ? [] : [[column, cell] as const];
  });
  const models = (row['models'] ?? '').split(/\s+/).filter(Boolean);
  return {
    id: row['id'],
    provider: row['provider'],
    ...Object.fromEntries(given),
    ...(models.length > 0 ? { models } : {}),
    ...Object.fromEntries(readNumbers(row, termColumns)),
    ...(limits.length > 0 ? { limits: [{ models: ['*'], ...Object.fromEntries(limits) }] } : {}),
    credentials: [{ id: 'k1', secret: row['secret'] }, ...adminOf(row)],
  };
}

function readNumbers(row: Row, named: readonly string[]) {
  return named.flatMap((column) => {
    const cell = row[column] ?? '';
    return cell === '' ? [] : [[column, readCell(cell)] as const];
  });
}

function adminOf({ admin_secret = '', admin_project = '' }: Row): object[] {
  const project = admin_project === '' ? {} : { project: admin_project };
  return admin_secret === ''
    ? []
    : [{ id: 'admin', secret: admin_secret, kind: 'admin', ...project }];
}

/** What is no number stays as it is, so that the gateway names it. */
function readCell(cell: string): number | string | null {
  if (/^none$/i.test(cell)) return null;
  const number = Number(cell.replaceAll('_', ''));
  return Number.isNaN(number) ? cell : number;
}
