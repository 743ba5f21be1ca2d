import type { Command } from 'commander';
import type { CliDeps } from '../cli-deps.ts';
import { type Wrap, withCommon } from '../common-options.ts';
import type { GlobalOptions } from '../options.ts';
import { readDuration } from '../read-duration.ts';
import { readCount, readNumber } from '../read-number.ts';
import { splitNames } from '../split-names.ts';
import { type AddOptions, addAccount } from './add-account.ts';
import { commandAccount, removeAccount, testAccount } from './change-account.ts';
import {
  addCredential,
  type NewCredentialOptions,
  revokeCredential,
  rotateCredential,
} from './change-credentials.ts';
import { type ChangeOptions, changeTerms } from './change-terms.ts';
import { type ExplainOptions, explainChoice } from './explain-choice.ts';
import { type ImportOptions, importAccounts } from './import-accounts.ts';
import { listAccounts } from './list-accounts.ts';
import { showAccount } from './show-account.ts';
import { watchAccounts } from './watch-accounts.ts';

const secretEnv = 'take the key from this variable instead of asking for it';

/** `headrace accounts …` */
export function addAccountCommands(program: Command, deps: CliDeps, act: Wrap): void {
  const accounts = program
    .command('accounts')
    .description('the provider accounts: their limits, states and keys');
  addReading(accounts, deps, act);
  addWriting(accounts, deps, act);
  addCredentials(accounts, deps, act);
}

function addReading(accounts: Command, deps: CliDeps, act: Wrap): void {
  withCommon(accounts.command('list'))
    .description('every account with its state, and which pools are smaller than they should be')
    .action(act((options: GlobalOptions) => listAccounts(deps, options)));
  withCommon(accounts.command('show <id>'))
    .description('limits with what counts against them, pauses, keys, what happened')
    .action(act((id: string, options: GlobalOptions) => showAccount(deps, id, options)));
  withCommon(accounts.command('watch [ids...]'))
    .description('a live bar per limit')
    .action(act((ids: string[], options: GlobalOptions) => watchAccounts(deps, ids, options)));
  withCommon(accounts.command('explain'))
    .description('which account a call would get now, and why each other would not')
    .requiredOption('--model <model>', 'provider/model, a bare name or an alias')
    .requiredOption('--tokens <n>', 'tokens of input', readCount)
    .option('--output <n>', 'cap of the output in tokens', readCount, 1000)
    .option('--affinity <conversation>', 'the conversation that the call belongs to')
    .action(act((options: ExplainOptions) => explainChoice(deps, options)));
}

function addWriting(accounts: Command, deps: CliDeps, act: Wrap): void {
  withTerms(accounts.command('add <id>'))
    .description('add an account; its key is asked for, or read from standard input')
    .requiredOption(
      '--provider <id>',
      'openai, anthropic, gemini, deepseek, qwen or a host of yours',
    )
    .option('--base-url <url>', "where it listens, if not at its vendor's own address")
    .option('--credential <id>', 'name of the key', 'k1')
    .option('--secret-env <name>', secretEnv)
    .action(act((id: string, options: AddOptions) => addAccount(deps, id, options)));
  withTerms(accounts.command('change <id>'))
    .description('change what is named; the rest stays, and so does what counts against its limits')
    .addHelpText(
      'after',
      '\nA --limit changes the dimensions that it names and keeps the others; rpm=learn learns one again,\n--limit learn all of them. --owner-email none and --entitlement none take a word back, --models all\nserves every model.',
    )
    .action(act((id: string, options: ChangeOptions) => changeTerms(deps, id, options)));
  withCommon(accounts.command('import <file>'))
    .description('add the accounts of a .csv or .yaml file, all or none; - is standard input')
    .option('--dry-run', 'only check')
    .action(act((path: string, options: ImportOptions) => importAccounts(deps, path, options)));
  withCommon(accounts.command('test <id>'))
    .description('ask the vendor with every key, at no cost')
    .action(act((id: string, options: GlobalOptions) => testAccount(deps, id, options)));
  const verbs = [
    ['enable', 'take an account back, and end every pause of it'],
    ['disable', 'take an account out at once'],
    ['drain', 'let the calls under way end, and begin none'],
  ] as const;
  for (const [verb, what] of verbs) {
    withCommon(accounts.command(`${verb} <id>`))
      .description(what)
      .action(
        act((id: string, options: GlobalOptions) => commandAccount(deps, { id, verb }, options)),
      );
  }
  withCommon(accounts.command('remove <id>'))
    .description('forget an account and its keys')
    .option('-y, --yes', 'do not ask')
    .action(
      act((id: string, options: GlobalOptions & { yes?: boolean }) =>
        removeAccount(deps, id, options),
      ),
    );
}

/** What is said of an account where it is added, and changed later. */
function withTerms(command: Command): Command {
  return withCommon(command)
    .option('--owner-email <address>', 'who answers for it')
    .option('--entitlement <note>', 'what entitles you to use it with others of its provider')
    .option('--models <patterns>', 'models that it serves, by comma', splitNames)
    .option(
      '--limit <rule>',
      'such as rpm=500,tpm=2000000, or "claude-opus-*:rpm=50"; may be repeated',
      (rule: string, before: string[] = []) => [...before, rule],
    )
    .option('--weight <n>', "its part of its pools' load, above 0 to 100 (1)", readNumber)
    .option('--price-factor <n>', 'what it pays of the listed price, such as 0.8 (1)', readNumber);
}

function addCredentials(accounts: Command, deps: CliDeps, act: Wrap): void {
  const credentials = accounts.command('credentials').description('the keys of an account');
  withCommon(credentials.command('add <account> <id>'))
    .description("add a key; it shares the account's limits, or asks its vendor for them")
    .option('--kind <kind>', "call, or admin: a key of the organisation's administrators", 'call')
    .option('--project <id>', 'with --kind admin: the project or workspace that the account is')
    .option('--secret-env <name>', secretEnv)
    .action(
      act((account: string, id: string, options: NewCredentialOptions) =>
        addCredential(deps, { account, id }, options),
      ),
    );
  withCommon(credentials.command('rotate <account> <old> <new>'))
    .description('put a new key in the place of an old one')
    .option('--overlap <duration>', 'the old one stays as the way back, such as 24h', readDuration)
    .option('--secret-env <name>', secretEnv)
    .action(
      act((...[account, old, id, options]: [string, string, string, GlobalOptions]) =>
        rotateCredential(deps, { account, old, id }, options),
      ),
    );
  withCommon(credentials.command('revoke <account> <id>'))
    .description('revoke a key at once')
    .action(
      act((account: string, id: string, options: GlobalOptions) =>
        revokeCredential(deps, { account, id }, options),
      ),
    );
}
