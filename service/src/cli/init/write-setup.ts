import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.js';

/** What a first configuration says. */
export function firstConfig(folder: string, prometheus: string, host: string) {
  return {
    dataDir: join(folder, 'data'),
    sources: [{ kind: 'prometheus', name: 'prometheus', url: prometheus }],
    egress: { allow: [host] },
    policyFolder: join(folder, 'policies'),
  };
}

/** Files of a setup; nothing that is there is overwritten. */
export interface SetupFiles {
  readonly config: string;
  readonly policy: string;
}

export function setupFiles(folder: string, service: string): SetupFiles {
  const name = service.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  return {
    config: join(folder, 'bellwether.json'),
    policy: join(folder, 'policies', `${name === '' ? 'service' : name}.yaml`),
  };
}

/** Writes both files, or neither where one is there. @throws CommandError */
export function writeSetup(files: SetupFiles, config: object, policyYaml: string): void {
  const written = [
    [files.config, `${JSON.stringify(config, null, 2)}\n`],
    [files.policy, policyYaml],
  ] as const;
  for (const [file, text] of written)
    try {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, text, { flag: 'wx' });
    } catch (cause) {
      const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
      throw new CommandError(
        code === 'EEXIST'
          ? `${file} is there already, and is not overwritten; name another --folder`
          : `${file} can't be written (${code}); check --folder`,
        { cause },
      );
    }
}
