import { Option, type Command } from 'commander';
import { judgements } from '../api/feedback.js';
import { CommandError } from './command-error.js';
import type { CommandIo } from './command-io.js';
import { deploymentsApi, type WireFeedback } from './deployments-api.js';
import { withExamples } from './examples.js';
import { printResult } from './print-result.js';
import { clientFor, onServer, type ServerOptions } from './server-place.js';
import { wholeNumber } from './whole-number.js';

interface FeedbackOptions extends ServerOptions {
  readonly judgement?: (typeof judgements)[number];
  readonly useful?: readonly string[];
  readonly noise?: readonly string[];
  readonly verdict?: string;
  readonly retract?: string;
  readonly comment?: string;
}

/** `feedback`: what people know of a verdict afterwards. */
export function addFeedbackCommands(program: Command, io: CommandIo): void {
  const retract = new Option('--retract <feedback>', 'take an earlier entry back, by its id');
  withExamples(
    onServer(
      program
        .command('feedback <id>')
        .description('say whether the verdict was right and which metrics helped, or take that back')
        .addOption(new Option('--judgement <judgement>', 'was it right?').choices(judgements))
        .option('--useful <metric...>', 'metrics that helped to judge it')
        .option('--noise <metric...>', 'metrics that did not')
        .option('--verdict <number>', 'which verdict (default: the newest one that looks came to)')
        .addOption(retract.conflicts(['judgement', 'useful', 'noise', 'verdict']))
        .option('--comment <text>', 'what you know about it'),
    ),
    'bellwether feedback cart-2.1.0 --judgement false-rollback --comment "the database was slow, not the release"',
    'bellwether feedback cart-2.1.0 --judgement right --useful "error ratio" --noise "queue length"',
    'bellwether feedback cart-2.1.0 --retract 6f1e',
  ).action(async (id: string, options: FeedbackOptions) => {
    const noted = await deploymentsApi(clientFor(options, io)).feedback(id, bodyOf(options));
    printResult(io, options, { text: noteOf(id, noted), data: noted });
  });
}

function bodyOf({
  judgement,
  useful = [],
  noise = [],
  verdict,
  retract: retracts,
  comment,
}: FeedbackOptions) {
  const metrics = [
    ...useful.map((name) => ({ name, relevance: 'useful' as const })),
    ...noise.map((name) => ({ name, relevance: 'noise' as const })),
  ];
  if (judgement === undefined && retracts === undefined && metrics.length === 0)
    throw new CommandError(
      `what do you say? Give --judgement ${judgements.join('|')}, --useful or --noise, or --retract`,
    );
  return {
    judgement,
    metrics: metrics.length === 0 ? undefined : metrics,
    verdict: verdict === undefined ? undefined : wholeNumber(verdict),
    retracts,
    comment,
  };
}

function noteOf(deploymentId: string, { id, judgement, retracts }: WireFeedback): string {
  if (retracts !== undefined) return `Feedback ${retracts} on ${deploymentId} no longer counts.`;
  const said =
    judgement === undefined || judgement === 'unsure'
      ? `your word on ${deploymentId}`
      : `the verdict of ${deploymentId} was ${judgement}`;
  return `Noted: ${said}. "bellwether feedback ${deploymentId} --retract ${id}" takes it back.`;
}
