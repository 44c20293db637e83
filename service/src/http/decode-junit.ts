import { setImmediate } from 'node:timers/promises';
import { SaxesParser } from 'saxes';
import type { TestSummary } from '../domain/check.js';
import { createJunitTally, type JunitTally } from './junit-tally.js';
import { RequestError } from './request-error.js';

/** Elements nest in real reports a handful deep. */
const DEEPEST = 100;
/** Read at a time, some five milliseconds' worth; others get their turn in between. */
const SLICE = 65_536;

/**
 * The numbers of a JUnit report (`<testsuites>` or `<testsuite>`), counted test by test; where a report lists none, its suites' own
 * numbers count.
 * @throws RequestError `malformed-body` when it is no XML, holds a document type, is no JUnit report, or in it nothing ran
 */
export async function decodeJunit(xml: string): Promise<TestSummary> {
  const tally = createJunitTally();
  const parser = parserFor(tally);
  for (let at = 0; at < xml.length; at += SLICE) {
    parser.write(xml.slice(at, at + SLICE));
    await setImmediate();
  }
  parser.close();
  const summary = tally.summary();
  if (summary.tests - summary.skipped <= 0)
    throw refused(
      'holds no test that ran, and what did not run proves nothing',
      'check the path of the report',
    );
  return summary;
}

function parserFor(tally: JunitTally): SaxesParser {
  const parser = new SaxesParser();
  let depth = 0;
  parser.on('error', ({ message }) => {
    throw refused(`cannot be read as XML: line ${message.replace(/\.$/, '')}`);
  });
  // It could declare entities that grow to gigabytes, or name files.
  parser.on('doctype', () => {
    throw refused('holds a document type (<!DOCTYPE …>), which is not read');
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > DEEPEST) throw refused(`holds more than ${DEEPEST} elements in one another`);
    if (depth === 1 && name !== 'testsuites' && name !== 'testsuite')
      throw refused('is no JUnit report: it begins neither with <testsuites> nor with <testsuite>');
    tally.open(name, attributes);
  });
  parser.on('closetag', () => {
    depth -= 1;
    tally.close();
  });
  return parser;
}

function refused(what: string, remedy = 'send the report as your test runner wrote it'): RequestError {
  return new RequestError('malformed-body', `The report ${what}; ${remedy}.`, {
    errors: [{ pointer: '', detail: what, remedy }],
  });
}
