import type { Command } from 'commander';
import type { CommandIo } from './command-io.js';
import { configOption } from './data-place.js';
import type { Finding } from './doctor/finding.js';
import { withExamples } from './examples.js';
import { EXIT } from './exit-codes.js';
import { printResult } from './print-result.js';
import { onServer, type ServerOptions } from './server-place.js';
import { createPaint, type Colour, type Paint } from './terminal/paint.js';

interface DoctorOptions extends ServerOptions {
  readonly config?: string;
  readonly sendTest?: boolean;
}

/** `doctor`. */
export function addDoctorCommands(program: Command, io: CommandIo): void {
  const command = program
    .command('doctor')
    .description(
      'check the configuration, data folder, store, clock, sources, receivers and the running service; exits 3 when something fails',
    )
    .addOption(configOption())
    .option('--send-test', 'send each webhook receiver a signed test message');
  withExamples(
    onServer(command),
    'bellwether doctor --config /etc/bellwether.json',
    'bellwether doctor --config /etc/bellwether.json --send-test --json',
    'bellwether doctor --server https://bellwether.example.com --token-file /run/secrets/ci-token',
  ).action(async (options: DoctorOptions) => {
    // It looks at every room of the service; other commands need not load them.
    const { examine } = await import('./doctor/examine.js');
    const findings = await examine(options, options.sendTest === true, io);
    const failed = findings.some(({ status }) => status === 'fail');
    const paint = io.isTerminal ? createPaint(io.environment) : plainPaint;
    printResult(io, options, { text: describeFindings(findings, paint), data: { ok: !failed, findings } });
    if (failed) io.setExitCode(EXIT.error);
  });
}

const plainPaint: Paint = (_colour, text) => text;
const COLOURS: Readonly<Record<Finding['status'], Colour>> = { ok: 'green', warn: 'yellow', fail: 'red' };

function describeFindings(findings: readonly Finding[], paint: Paint): string {
  const count = (status: Finding['status']): number => findings.filter((one) => one.status === status).length;
  const lines = findings.flatMap(({ check, status, detail, remedy }) => [
    `${paint(COLOURS[status], status.padEnd(4))}  ${check}: ${detail.replaceAll('\n', '\n        ')}`,
    ...(remedy === undefined ? [] : [`      → ${remedy}`]),
  ]);
  return [...lines, '', `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed`].join('\n');
}
