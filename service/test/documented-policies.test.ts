import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../src/config/config-schema.js';
import { describeProblem } from '../src/policies/problem.js';
import { readPolicies } from '../src/policies/read-policies.js';
import { shippedTemplates } from '../src/policies/templates.js';
import { codeFrame } from '../src/cli/policy/code-frame.js';

const guide = readFileSync(new URL('../../docs/policies.md', import.meta.url), 'utf8');
const templates = shippedTemplates();
const blocks = (language: string): readonly string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block);
const read = (text: string) => readPolicies(text, 'checkout.yaml', { templates, known: undefined });

describe('the guide to policies', () => {
  it.each(blocks('yaml').map((block) => [block]))('has a valid policy: %s', (block) => {
    expect(read(block).problems.map(describeProblem)).toEqual([]);
  });

  it('has a valid configuration', () => {
    for (const block of blocks('json'))
      expect(configSchema.safeParse(JSON.parse(block)).error).toBeUndefined();
  });

  it('shows errors as they are shown', () => {
    const text = 'mode: recommend\nalhpa: 0.05\nwatch: 30m\nuse:\n  - template: http-rde\n';
    const shown = read(text).problems.flatMap((problem) => [
      describeProblem(problem),
      ...codeFrame(text, problem),
      '',
    ]);
    expect(guide).toContain(`\`\`\`\n${shown.join('\n')}\n2 errors in 1 file.\n\`\`\``);
  });

  it('names every template', () => {
    const rows = [...guide.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual([...templates.keys()].sort());
  });
});
