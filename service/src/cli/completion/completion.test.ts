import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommandIo } from '../command-io.js';
import { createProgram } from '../program.js';
import { bashCompletion } from './bash.js';
import { commandTree } from './command-tree.js';
import { fishCompletion } from './fish.js';
import { zshCompletion } from './zsh.js';

const io: CommandIo = {
  environment: {},
  out: () => undefined,
  err: () => undefined,
  isTerminal: false,
  columns: 80,
  setExitCode: () => undefined,
  stop: new AbortController().signal,
};
const tree = commandTree(createProgram('0', io));
const folder = mkdtempSync(join(tmpdir(), 'bellwether-completion-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const script = file('bellwether.bash', bashCompletion('bellwether', tree));
file('report.xml', '');

/** What a real bash would offer for the last of these words. */
function offered(...words: readonly string[]): readonly string[] {
  const { stdout, stderr } = spawnSync(
    'bash',
    [
      '--noprofile',
      '--norc',
      '-c',
      'source "$0"; complete -p bellwether >/dev/null || exit 1; COMP_WORDS=(bellwether "$@"); COMP_CWORD=$#; _bellwether; printf "%s\\n" "${COMPREPLY[@]}"',
      script,
      ...words,
    ],
    { encoding: 'utf8', cwd: folder },
  );
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  it('knows commands, those below them, and their options', () => {
    expect(offered('dep')).toEqual(['deploy']);
    expect(offered('deploy', 's')).toEqual(['start', 'step', 'show']);
    expect(offered('deploy', 'start', '--prev')).toEqual(['--previous-version']);
    expect(offered('watch', 'd-1', '--t')).toEqual(['--token-file', '--timeout', '--tail']);
    expect(offered('check', '')).toContain('add');
  });

  it('knows the values of an option, and files where it takes one', () => {
    expect(offered('deploy', 'start', '--strategy', 'b')).toEqual(['blue-green']);
    expect(offered('deploy', 'list', '--verdict', 'in')).toEqual(['inconclusive']);
    expect(offered('check', 'add', 'd-1', '--junit', 'rep')).toEqual(['report.xml']);
    expect(offered('deploy', 'start', '--service', '')).toEqual([]);
    expect(offered('completion', 'z')).toEqual(['zsh']);
  });

  it('is not misled by a value that is the name of a command', () => {
    expect(offered('deploy', 'start', '--service', 'watch', '--env')).toEqual(['--environment']);
  });
});

describe('completion in other shells', () => {
  it.each([
    ['zsh', zshCompletion],
    ['fish', fishCompletion],
  ] as const)('of %s names every command and is valid', (shell, write) => {
    const text = write('bellwether', tree);
    for (const { path } of tree) expect(text).toContain(`'${path}'`);
    const checked = spawnSync(shell, ['-n', file(`completion.${shell}`, text)], {
      encoding: 'utf8',
    });
    // Where the shell is not installed there is nothing to ask.
    if (checked.error === undefined) expect([checked.status, checked.stderr]).toEqual([0, '']);
  });

  it.each(['fish'])('is what a real %s offers, where there is one', (shell) => {
    const path = file('bellwether.fish', fishCompletion('bellwether', tree));
    const asked = spawnSync(
      shell,
      ['--no-config', '-c', `source ${path}; complete -C 'bellwether deploy s'`],
      {
        encoding: 'utf8',
      },
    );
    if (asked.error !== undefined) return;
    const words = asked.stdout.split('\n').map((line) => line.split('\t')[0]);
    expect(words.filter((word) => word !== '').toSorted()).toEqual(['show', 'start', 'step']);
  });
});
