import { composeDelivery } from '../../compose-delivery.js';
import type { Config } from '../../config/config-schema.js';
import type { CommandIo } from '../command-io.js';
import type { ServerOptions } from '../server-place.js';
import { checkConfig, checkTokens } from './check-config.js';
import { checkDataFolder } from './check-data-folder.js';
import { checkDelivery } from './check-delivery.js';
import { checkPolicies } from './check-policies.js';
import { checkServer } from './check-server.js';
import { checkSources } from './check-sources.js';
import { checkStore } from './check-store.js';
import { failure, type Finding } from './finding.js';

/** Everything that `doctor` looks at, in the order in which things are mended. */
export async function examine(
  options: ServerOptions & { readonly config?: string },
  sendTest: boolean,
  io: CommandIo,
): Promise<readonly Finding[]> {
  const isNamed = options.server !== undefined || (io.environment['BELLWETHER_URL'] ?? '') !== '';
  // Who asks about a service elsewhere has none here: what the defaults name on this machine says nothing.
  if (isNamed && options.config === undefined) return checkServer({ options, isOptional: false }, io);
  const { findings, config } = checkConfig(options.config, io.environment);
  const place = {
    options: isNamed || config === undefined ? options : { ...options, server: addressOf(config) },
    isOptional: !isNamed,
  };
  return [
    ...findings,
    ...(config === undefined ? [] : await examineConfig(config, sendTest, io)),
    ...(await checkServer(place, io)),
  ];
}

async function examineConfig(config: Config, sendTest: boolean, io: CommandIo): Promise<readonly Finding[]> {
  return [
    ...checkTokens(config, io.environment),
    ...(await checkPolicies(config)),
    ...(await checkDataFolder(config.dataDir)),
    ...(await checkStore(config.dataDir)),
    ...(await examineOutside(config, sendTest, io)),
  ];
}

/** Everything that the service reaches out to. */
async function examineOutside(
  config: Config,
  sendTest: boolean,
  { environment }: CommandIo,
): Promise<readonly Finding[]> {
  try {
    const delivery = composeDelivery(config, environment, { clock: Date.now });
    const findings = [
      ...(await checkSources(config, environment, delivery.guard)),
      ...(await checkDelivery(config, delivery, environment, sendTest)),
    ];
    await delivery.guardedFetch.close();
    return findings;
  } catch (error) {
    return [failure('delivery', error)];
  }
}

/** Where a service with this configuration listens, seen from this machine. */
function addressOf({ listen: { host, port } }: Config): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}
