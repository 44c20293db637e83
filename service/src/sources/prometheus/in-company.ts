import { SourceError } from '../port.js';

export interface Company<Question, Answer> {
  /** Answers several questions in one query, in order. @throws SourceError */
  readonly together: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  /** Answers one whose company got no answer, without trying for long. @throws SourceError */
  readonly alone: (question: Question) => Promise<Answer>;
  /** Told of what is to be asked alone from then on. */
  readonly leaves: (question: Question) => void;
}

type Outcome<Answer> = PromiseSettledResult<Answer>;

/**
 * Asks several questions in one query. The mistake or slowness of one must not be the others': what fails together is asked again
 * one by one, once. What fails alone then leaves the company, unless all of it fails because the server is in trouble; and where
 * nothing does, the company was too much for one query, and the last one leaves.
 *
 * @returns one promise each, in order
 */
export function inCompany<Question, Answer>(
  questions: readonly Question[],
  { together, alone, leaves }: Company<Question, Answer>,
): readonly Promise<Answer>[] {
  const answering = together(questions).then(
    (answers) => answers.map((value): Outcome<Answer> => ({ status: 'fulfilled', value })),
    async (error: unknown) => {
      if (questions.length === 1 || !isWorthAskingAlone(error)) throw error;
      const outcomes = await Promise.allSettled(questions.map(alone));
      for (const question of leaving(questions, outcomes)) leaves(question);
      return outcomes;
    },
  );
  return questions.map(async (_, i) => {
    const outcome = (await answering)[i];
    if (outcome === undefined) throw new Error('a question was left without an answer');
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/** Credentials are wrong for each alike. */
function isWorthAskingAlone(error: unknown): boolean {
  return error instanceof SourceError && error.code !== 'refused';
}

function leaving<Question>(
  questions: readonly Question[],
  outcomes: readonly Outcome<unknown>[],
): readonly Question[] {
  const passes = (outcome: Outcome<unknown>): boolean =>
    outcome.status === 'rejected' && (!(outcome.reason instanceof SourceError) || outcome.reason.retryable);
  if (outcomes.every(passes)) return [];
  if (outcomes.every(({ status }) => status === 'fulfilled')) return questions.slice(-1);
  return questions.filter((_, i) => outcomes[i]?.status === 'rejected');
}
