import type { TestSummary } from '../domain/check.js';

/** Names of failed tests that are kept, and their longest. */
const MOST_NAMES = 10;
const LONGEST_NAME = 200;

type Attributes = Readonly<Record<string, string | undefined>>;

/** Counts the tests of a report while its elements open and close. */
export interface JunitTally {
  open(name: string, attributes: Attributes): void;
  close(): void;
  /** Tests that were listed, and of a suite that lists none what it says of itself. */
  summary(): TestSummary;
}

type Outcome = 'skipped' | 'error' | 'failure';

type Counts = Omit<TestSummary, 'failing'>;

const NONE: Counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };

interface Element {
  readonly name: string;
  readonly attributes: Attributes;
  /** Name of the innermost suite around it. */
  readonly suite: string;
  /** Of a test or a suite: what was found in it. */
  readonly outcomes: Outcome[];
  /** Of a suite: what its tests and inner suites come to. */
  counts: Counts;
  /** Of a suite: whether it, or a suite in it, lists tests. */
  isListing: boolean;
}

export function createJunitTally(): JunitTally {
  const path: Element[] = [];
  const failing: string[] = [];
  let total = NONE;

  const note = (label: string, name: string): void => {
    if (failing.length < MOST_NAMES) failing.push(line(label === '' ? name : `${label} › ${name}`));
  };

  const endTest = ({ attributes, suite, outcomes }: Element): Counts => {
    const { classname = suite, name = 'unnamed test' } = attributes;
    const worst = (['skipped', 'error', 'failure'] as const).find((outcome) => outcomes.includes(outcome));
    if (worst === 'error' || worst === 'failure') note(classname, name);
    return countOf(worst);
  };

  /** Beside what it lists, a suite can itself have failed, as when its set-up broke: each such failure is one more test that failed. */
  const endSuite = ({ attributes, suite, outcomes, counts, isListing }: Element): Counts => {
    const own = outcomes.filter((outcome) => outcome !== 'skipped');
    for (const outcome of own) note(suite, `the suite itself (${outcome})`);
    const found = own.map(countOf).reduce(sum, counts);
    return isListing ? found : most(found, declared(attributes));
  };

  return {
    open(name, attributes) {
      const parent = path.at(-1);
      if (isOutcome(name) && (parent?.name === 'testcase' || isSuite(parent?.name)))
        parent?.outcomes.push(name);
      path.push({
        name,
        attributes,
        suite: (isSuite(name) ? attributes['name'] : undefined) ?? parent?.suite ?? '',
        outcomes: [],
        counts: NONE,
        isListing: false,
      });
    },
    close() {
      const ended = path.pop();
      const parent = path.at(-1);
      if (ended === undefined) return;
      if (isSuite(ended.name)) {
        const counts = endSuite(ended);
        if (parent === undefined) total = sum(total, counts);
        else add(parent, counts, ended.isListing);
      } else if (ended.name === 'testcase' && parent !== undefined && isSuite(parent.name))
        add(parent, endTest(ended), true);
    },
    summary: () => ({ ...total, failing }),
  };
}

function add(parent: Element, counts: Counts, isListing: boolean): void {
  parent.counts = sum(parent.counts, counts);
  parent.isListing ||= isListing;
}

function countOf(outcome: Outcome | undefined): Counts {
  return {
    tests: 1,
    failures: outcome === 'failure' ? 1 : 0,
    errors: outcome === 'error' ? 1 : 0,
    skipped: outcome === 'skipped' ? 1 : 0,
  };
}

/** What a suite says of itself. */
function declared(attributes: Attributes): Counts {
  return {
    tests: whole(attributes['tests']),
    failures: whole(attributes['failures']),
    errors: whole(attributes['errors']),
    skipped: whole(attributes['skipped'] ?? attributes['disabled']),
  };
}

function merged(a: Counts, b: Counts, one: (a: number, b: number) => number): Counts {
  return {
    tests: one(a.tests, b.tests),
    failures: one(a.failures, b.failures),
    errors: one(a.errors, b.errors),
    skipped: one(a.skipped, b.skipped),
  };
}

function sum(a: Counts, b: Counts): Counts {
  return merged(a, b, (left, right) => left + right);
}

function most(a: Counts, b: Counts): Counts {
  return merged(a, b, Math.max);
}

function isSuite(name: string | undefined): boolean {
  return name === 'testsuites' || name === 'testsuite';
}

function isOutcome(name: string): name is Outcome {
  return name === 'skipped' || name === 'error' || name === 'failure';
}

function whole(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** One short line of text. */
function line(text: string): string {
  const read = text.replaceAll(/[\p{Cc}\p{Cs}]+/gu, ' ');
  return read.length <= LONGEST_NAME ? read : `${read.slice(0, LONGEST_NAME - 1).replace(/\p{Cs}$/u, '')}…`;
}
