/**
 * Gathers the questions that come in one turn of the event loop, so that those which can be asked together are, and equal ones once.
 *
 * @param groupOf questions with the same group may be asked together
 * @param nameOf equal questions of a group have the same name
 * @param ask answers the questions of one group, one promise each, in order
 */
export function batchQuestions<Question, Answer>(
  groupOf: (question: Question) => string,
  nameOf: (question: Question) => string,
  ask: (questions: readonly Question[]) => readonly Promise<Answer>[],
): (question: Question) => Promise<Answer> {
  type Waiting = Pending<Question, Answer>;
  let groups = new Map<string, Map<string, Waiting>>();

  const flush = (): void => {
    const due = groups;
    groups = new Map();
    for (const group of due.values()) {
      const waiting = [...group.values()];
      const answers = ask(waiting.map(({ question }) => question));
      for (const [i, { resolve, reject }] of waiting.entries()) {
        const given = answers[i];
        if (given === undefined) reject(new Error('a question was left without an answer'));
        else given.then(resolve, reject);
      }
    }
  };

  return (question) => {
    if (groups.size === 0) setImmediate(flush);
    const group = groups.get(groupOf(question)) ?? new Map<string, Waiting>();
    groups.set(groupOf(question), group);
    const known = group.get(nameOf(question));
    if (known) return known.promise;
    const waiting = wait<Question, Answer>(question);
    group.set(nameOf(question), waiting);
    return waiting.promise;
  };
}

interface Pending<Question, Answer> {
  readonly question: Question;
  readonly promise: Promise<Answer>;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

function wait<Question, Answer>(question: Question): Pending<Question, Answer> {
  let resolve: Pending<Question, Answer>['resolve'] = () => undefined;
  let reject: Pending<Question, Answer>['reject'] = () => undefined;
  const promise = new Promise<Answer>((onAnswer, onError) => {
    resolve = onAnswer;
    reject = onError;
  });
  return { question, promise, resolve, reject };
}
