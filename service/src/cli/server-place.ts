import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { createApiClient, type ApiClient } from './api-client.js';
import { CommandError } from './command-error.js';
import type { CommandIo } from './command-io.js';
import { printsResult, type PrintOptions } from './print-result.js';

/** Where `bellwether serve` listens when nobody says otherwise. */
const DEFAULT_SERVER = 'http://127.0.0.1:8390';

/** Which service a command talks to, and as whom. */
export interface ServerOptions extends PrintOptions {
  readonly server?: string;
  readonly tokenFile?: string;
}

/** Adds the options of a command that talks to a running service. */
export function onServer(command: Command): Command {
  command
    .addOption(
      new Option(
        '--server <url>',
        `address of the service (BELLWETHER_URL, else ${DEFAULT_SERVER})`,
      ).helpGroup('Service:'),
    )
    .addOption(
      new Option(
        '--token-file <file>',
        'file that holds the access token (BELLWETHER_TOKEN_FILE, or the token itself in BELLWETHER_TOKEN)',
      ).helpGroup('Service:'),
    );
  return printsResult(command);
}

/** @throws CommandError when the address or the token cannot be used */
export function clientFor(options: ServerOptions, io: CommandIo): ApiClient {
  const place = serverOf(options, io);
  return createApiClient({ ...place, token: tokenOf(options, io), signal: io.stop });
}

/** The service's address, without a slash at its end, and where it was said. @throws CommandError */
export function serverOf(
  { server }: ServerOptions,
  { environment }: Pick<CommandIo, 'environment'>,
): { readonly baseUrl: string; readonly saidBy: string } {
  const fromEnvironment = environment['BELLWETHER_URL'];
  const given = server ?? (fromEnvironment === '' ? undefined : fromEnvironment);
  const saidBy = server !== undefined ? '--server' : given === undefined ? 'the default' : 'BELLWETHER_URL';
  const baseUrl = (given ?? DEFAULT_SERVER).replace(/\/+$/, '');
  if (!isHttpAddress(baseUrl))
    throw new CommandError(
      `${saidBy}: "${baseUrl.slice(0, 200)}" is no address; write it as https://host or http://host:port, without a user or password`,
    );
  return { baseUrl, saidBy };
}

function isHttpAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === '');
}

/** What a token looks like, so that a wrong file is found before its content is sent anywhere. */
const TOKEN = /^bw_[A-Za-z0-9-]{1,64}_[A-Za-z0-9_-]{43,128}$/;

/** The access token. @throws CommandError that names the place, never the content */
export function tokenOf(options: ServerOptions, { environment }: Pick<CommandIo, 'environment'>): string {
  const inClear = environment['BELLWETHER_TOKEN'];
  const named = environment['BELLWETHER_TOKEN_FILE'];
  if (options.tokenFile !== undefined)
    return checked(read(options.tokenFile), `--token-file ${options.tokenFile}`);
  if (inClear !== undefined && inClear !== '') return checked(inClear.trim(), 'BELLWETHER_TOKEN');
  if (named !== undefined && named !== '') return checked(read(named), `BELLWETHER_TOKEN_FILE (${named})`);
  throw new CommandError(
    'no access token is given; name a file that holds one with --token-file or BELLWETHER_TOKEN_FILE, or put it into BELLWETHER_TOKEN (the first start of a service leaves one in <data folder>/first-admin-token; "bellwether token create" makes others)',
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new CommandError(`the token file ${file} can't be read (${code}); check its path and its mode`, {
      cause,
    });
  }
}

function checked(token: string, place: string): string {
  if (TOKEN.test(token)) return token;
  throw new CommandError(`${place}: what is there is no access token; it begins with "bw_", copy it whole`);
}
