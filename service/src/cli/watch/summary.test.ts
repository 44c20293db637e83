import { describe, expect, it } from 'vitest';
import { summaryLines } from './summary.js';

describe('the end of a watch', () => {
  it('gives every line of what happened a line of its own', () => {
    const message = "the service can't be reached: ECONNREFUSED\n  nothing listens there";
    const lost = { reason: message, sinceMs: 0 };
    const conclusion = { exitCode: 3, text: message } as const;
    expect(
      summaryLines({ kind: 'never-reached', lost, message }, conclusion, 'cart-2', 'http://127.0.0.1:1'),
    ).toEqual([
      "the service can't be reached: ECONNREFUSED",
      'nothing listens there',
      'Take it up again: bellwether watch cart-2',
      'Exit code 3.',
    ]);
  });
});
