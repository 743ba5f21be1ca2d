import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parseYaml } from '../../platform/config/parse-yaml.ts';
import type { CliDeps } from '../cli-deps.ts';
import { CliError } from '../cli-error.ts';
import type { AccountFile } from './account-file.ts';
import { readAccountRows } from './read-account-rows.ts';

/** Reads a CSV or YAML file by its ending; `-` is YAML or CSV on standard input. */
export async function readAccountFile(deps: CliDeps, path: string): Promise<AccountFile> {
  const text = path === '-' ? await readAll(deps) : await readText(path);
  const name = path === '-' ? 'standard input' : path;
  const isCsv = path === '-' ? looksLikeCsv(text) : extname(path).toLowerCase() === '.csv';
  return isCsv ? readAccountRows(text, name) : readYaml(text, name);
}

/** A header of names and commas; YAML begins with `accounts:`, `-` or a comment. */
function looksLikeCsv(text: string): boolean {
  return /^\uFEFF?"?id"?\s*,/i.test(text);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CliError('usage', {
      message: `The file ${path} cannot be read.`,
      fix: 'Name a .csv or .yaml file that you may read, or - for standard input.',
      cause,
    });
  }
}

async function readAll(deps: CliDeps): Promise<string> {
  let text = '';
  for await (const chunk of deps.stdin) text += String(chunk);
  return text;
}

/** `accounts:` as in headrace.yaml, or the bare list. */
function readYaml(text: string, name: string): AccountFile {
  const parsed = parseYaml(text);
  if ('wrong' in parsed) {
    throw new CliError('usage', {
      message: `${name} ${parsed.wrong}.`,
      where: `${name}:${parsed.position}`,
      fix: 'Compare the line with the example in docs/accounts.md.',
    });
  }
  const { value, locate } = parsed;
  const inside = Array.isArray(value) ? [] : ['accounts'];
  const list = Array.isArray(value) ? value : (value as { accounts?: unknown } | null)?.accounts;
  if (!Array.isArray(list) || list.length === 0) {
    throw new CliError('usage', {
      message: `${name} holds no list of accounts.`,
      where: name,
      fix: 'Write accounts: as in headrace.yaml, or the list alone.',
    });
  }
  return {
    accounts: list,
    locate: (index, part) => `${name}:${locate([...inside, index, ...part]).split(':')[0]}`,
  };
}
