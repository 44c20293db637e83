import { calibrationApi } from '../calibration-api.js';
import { tuningLines } from '../calibration/tuning-lines.js';
import type { CommandIo } from '../command-io.js';
import { clientFor, type ServerOptions } from '../server-place.js';
import { plain } from '../terminal/plain-text.js';
import type { Section } from './explain-policy.js';

/** What the service says was learned of one of its services, one section an environment. */
export async function learnedSections(
  service: string,
  options: ServerOptions,
  io: CommandIo,
): Promise<readonly Section[]> {
  const { items } = await calibrationApi(clientFor(options, io), service).show({});
  return items.map(({ environment, tuning }) => ({
    title: `What was learned of ${service} in ${plain(environment)}`,
    lines: tuningLines(tuning),
  }));
}
