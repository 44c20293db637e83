import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import { printsResult, type PrintOptions } from '../print-result.js';
import { createGrafanaApi, type GrafanaApi } from './grafana-api.js';

/** Which Grafana a command talks to, and as whom. */
export interface GrafanaPlace extends PrintOptions {
  readonly grafana?: string;
  readonly grafanaTokenFile?: string;
}

/** Adds the options of a command that talks to a Grafana. */
export function onGrafana(command: Command): Command {
  command
    .addOption(new Option('--grafana <url>', 'root address of Grafana (GRAFANA_URL)').helpGroup('Grafana:'))
    .addOption(
      new Option(
        '--grafana-token-file <file>',
        'file that holds the token of a service account that may edit the dashboards (or GRAFANA_TOKEN)',
      ).helpGroup('Grafana:'),
    );
  return printsResult(command);
}

/** @throws CommandError when the address or the token is missing or cannot be used */
export function grafanaFor(options: GrafanaPlace, io: CommandIo): GrafanaApi {
  const url = (options.grafana ?? io.environment['GRAFANA_URL'] ?? '').replace(/\/+$/, '');
  if (!isAddress(url))
    throw new CommandError(
      url === ''
        ? 'no Grafana is given; name its root address with --grafana or GRAFANA_URL'
        : `"${url.slice(0, 200)}" is no address; write it as https://host or http://host:port, without a user or password`,
    );
  return createGrafanaApi({ url, token: tokenOf(options, io), signal: io.stop });
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === '');
}

function tokenOf({ grafanaTokenFile: file }: GrafanaPlace, { environment }: CommandIo): string {
  const token = file === undefined ? (environment['GRAFANA_TOKEN'] ?? '').trim() : read(file);
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CommandError(
    `${file ?? 'GRAFANA_TOKEN'}: holds no token; make one for a service account in Grafana (Administration, Service accounts) and give it with --grafana-token-file or GRAFANA_TOKEN`,
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
