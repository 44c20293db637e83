import { describe, expect, it } from 'vitest';
import { SourceError } from '../port.js';
import { inCompany } from './in-company.js';
import { createLoners } from './loners.js';

const down = new SourceError('unavailable', 'timed out', true);
const wrong = new SourceError('bad-query', 'parse error', false);

/** What three questions come to when they fail together, and what each comes to alone. */
async function ask(together: Error, alone: Readonly<Record<string, Error>>, questions = ['a', 'b', 'c']) {
  const left: string[] = [];
  const asked: string[] = [];
  const outcomes = await Promise.allSettled(
    inCompany(questions, {
      together: () => Promise.reject(together),
      alone: (question) => {
        asked.push(question);
        return alone[question] ? Promise.reject(alone[question]) : Promise.resolve(`${question}!`);
      },
      leaves: (question) => left.push(question),
    }),
  );
  const said = outcomes.map((one) =>
    one.status === 'fulfilled' ? one.value : (one.reason as Error).message,
  );
  return { said, left, asked };
}

describe('questions in company', () => {
  it.each([down, wrong])('are asked alone once where they fail together: %s', async (error) => {
    expect(await ask(error, { b: error })).toEqual({
      said: ['a!', error.message, 'c!'],
      left: ['b'],
      asked: ['a', 'b', 'c'],
    });
  });

  it('stay together where the server is in trouble, or nobody is let in', async () => {
    expect((await ask(down, { a: down, b: down, c: down })).left).toEqual([]);
    const refused = new SourceError('refused', 'no token', true);
    expect(await ask(refused, {})).toEqual({ said: Array(3).fill('no token'), left: [], asked: [] });
  });

  it('grow fewer where they are too many for one query', async () => {
    expect(await ask(wrong, {})).toMatchObject({ said: ['a!', 'b!', 'c!'], left: ['c'] });
  });

  it('do not ask a single one twice, and hide no bug', async () => {
    expect(await ask(down, {}, ['a'])).toEqual({ said: ['timed out'], left: [], asked: [] });
    expect((await ask(new TypeError('bug'), {})).said).toEqual(['bug', 'bug', 'bug']);
  });
});

it('remembers the newest loners and no more', () => {
  const loners = createLoners(2);
  for (const question of ['a', 'b', 'a', 'c']) loners.add(question);
  expect(['a', 'b', 'c'].map((question) => loners.has(question))).toEqual([true, false, true]);
});
