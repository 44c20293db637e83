import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerTooLarge, askInPieces, type Piece } from './ask-in-pieces.js';
import { batchQuestions } from './batch-questions.js';

describe('askInPieces', () => {
  it('covers every unit once and in order, however little fits into an answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 1, max: 100 }),
        async (length, longest, fits) => {
          const ask = ({ from, to }: Piece) => {
            if (to - from > fits) return Promise.reject(new AnswerTooLarge());
            return Promise.resolve(Array.from({ length: to - from }, (_, i) => from + i));
          };
          const pieces = await askInPieces({ from: 7, to: 7 + length }, longest, ask);
          expect(pieces.flat()).toEqual(Array.from({ length }, (_, i) => 7 + i));
        },
      ),
      { seed: 5, numRuns: 100 },
    );
  });

  it('gives up where nothing fits, and at any other failure', async () => {
    const ask = (error: Error) => askInPieces({ from: 0, to: 9 }, 9, () => Promise.reject(error));
    await expect(ask(new AnswerTooLarge('big'))).rejects.toThrow('big');
    await expect(ask(new TypeError('bug'))).rejects.toThrow('bug');
  });
});

describe('batchQuestions', () => {
  it('asks each group of a turn together and equal questions once, and tells each what it asked for', async () => {
    const asked: (readonly string[])[] = [];
    const ask = batchQuestions<string, string>(
      (question) => question.slice(0, 1),
      (question) => question,
      (questions) => {
        asked.push(questions);
        return questions.map((question) =>
          question === 'b!' ? Promise.reject(new Error('no')) : Promise.resolve(`${question}?`),
        );
      },
    );
    const answers = await Promise.allSettled(['a1', 'b1', 'a2', 'a1', 'b!'].map(ask));
    expect(answers.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
      'a1?',
      'b1?',
      'a2?',
      'a1?',
      'failed',
    ]);
    expect(asked).toEqual([
      ['a1', 'a2'],
      ['b1', 'b!'],
    ]);
    expect(await ask('a1')).toBe('a1?');
    expect(asked).toHaveLength(3);
  });
});
