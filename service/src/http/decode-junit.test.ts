import { describe, expect, it } from 'vitest';
import { decodeJunit } from './decode-junit.js';
import { RequestError } from './request-error.js';

const usual = `<?xml version="1.0" encoding="UTF-8"?>
<!-- <!DOCTYPE nothing> stands in a comment -->
<testsuites name="all" tests="99" failures="99">
  <testsuite name="checkout" tests="4">
    <properties><property name="a" value="b"/></properties>
    <testcase classname="Cart" name="adds &lt;one&gt; &amp; two" time="0.1"/>
    <testcase classname="Cart" name="removes &lt;one&gt;"><failure message="x"><![CDATA[<!DOCTYPE html><p>]]></failure></testcase>
    <testsuite name="inner"><testcase name="pays"><error/></testcase></testsuite>
    <testcase classname="Cart" name="later"><skipped/></testcase>
  </testsuite>
</testsuites>`;

const refused = async (xml: string): Promise<string> => {
  try {
    await decodeJunit(xml);
  } catch (error) {
    if (error instanceof RequestError) return error.message;
    throw error;
  }
  return 'was read';
};

describe('decodeJunit', () => {
  it('counts tests through nested suites and names those that failed', async () => {
    expect(await decodeJunit(usual)).toEqual({
      tests: 4,
      failures: 1,
      errors: 1,
      skipped: 1,
      failing: ['Cart › removes <one>', 'inner › pays'],
    });
  });

  it('takes the numbers of suites that list no tests', async () => {
    const xml =
      '<testsuites><testsuite tests="3" failures="1" skipped="1"/><testsuite tests="2"/></testsuites>';
    expect(await decodeJunit(xml)).toMatchObject({
      tests: 5,
      failures: 1,
      errors: 0,
      skipped: 1,
      failing: [],
    });
  });

  it('counts what a suite says failed in itself, beside suites that list their tests', async () => {
    const listing = '<testsuite name="a"><testcase name="adds"/></testsuite>';
    for (const [broken, failed] of [
      ['<testsuite name="b"><error message="set-up"/></testsuite>', { tests: 2, errors: 1, failures: 0 }],
      ['<testsuite name="b" tests="0" errors="1"><error/></testsuite>', { tests: 2, errors: 1 }],
      ['<testsuite name="b"><failure/><testcase name="pays"/></testsuite>', { tests: 3, failures: 1 }],
      ['<testsuite name="b" tests="3" failures="2"/>', { tests: 4, failures: 2 }],
    ] as const)
      expect(await decodeJunit(`<testsuites tests="1">${listing}${broken}</testsuites>`)).toMatchObject(
        failed,
      );
    const { failing } = await decodeJunit('<testsuite name="b"><error/></testsuite>');
    expect(failing).toEqual(['b › the suite itself (error)']);
  });

  it('keeps ten names, each on one short line', async () => {
    const cases = Array.from(
      { length: 30 },
      () => `<testcase name="${'é'.repeat(300)}&#10;"><failure/></testcase>`,
    );
    const { failing, failures } = await decodeJunit(`<testsuite>${cases.join('')}</testsuite>`);
    expect([failures, failing.length, Math.max(...failing.map((name) => name.length))]).toEqual([
      30, 10, 200,
    ]);
  });

  it.each([
    [
      'a bomb',
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><testsuite name="&b;"/>',
      'DOCTYPE',
    ],
    ['a file', '<!DOCTYPE x SYSTEM "file:///etc/passwd"><testsuite/>', 'DOCTYPE'],
    ['a document type after the root', '<testsuite tests="1"/><!DOCTYPE x>', 'doctype'],
    ['text', 'all green', 'cannot be read as XML'],
    ['half a report', usual.slice(0, 420), 'cannot be read as XML'],
    [
      'a report cut off between tests',
      '<testsuite><testcase name="a"/>',
      'line 1:31: unclosed tag: testsuite',
    ],
    ['a tag too many', '<testsuite>\n</testsuite></a>', 'line 2:16: unmatched closing tag: a'],
    ['tags crossed', '<testsuite><a></testsuite></a>', 'unexpected close tag'],
    ['a bare attribute', '<testsuite name="a><testcase/></testsuite>', 'line 1:20: disallowed character'],
    ['an endless comment', '<testsuite tests="1"/><!-- ', 'unexpected end'],
    ['another document', '<html><body/></html>', 'no JUnit report'],
    ['no test', '<testsuite name="empty"/>', 'no test that ran'],
    [
      'only skipped tests',
      '<testsuite><testcase name="a"><skipped/></testcase></testsuite>',
      'no test that ran',
    ],
    [
      'a deep nest',
      `${'<testsuite>'.repeat(5_000)}${'</testsuite>'.repeat(5_000)}`,
      'more than 100 elements',
    ],
  ])('refuses %s and says why', async (_what, xml, why) => {
    expect(await refused(xml)).toContain(why);
  });

  it('takes names of prototypes as text, and as nothing else', async () => {
    const failing = '<testsuite><testcase name="__proto__"><failure/></testcase></testsuite>';
    expect((await decodeJunit(failing)).failing).toEqual(['__proto__']);
    const odd = '<testsuite><testcase name="a" __proto__="x"/></testsuite>';
    expect((await decodeJunit(odd)).tests).toBe(1);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('lets others have their turn while it reads a megabyte', async () => {
    const one = '<testcase classname="com.example.CartTest" name="adds an item to the cart" time="0.01"/>';
    const count = Math.floor(1_000_000 / one.length);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const { tests } = await decodeJunit(`<testsuite>${one.repeat(count)}</testsuite>`);
    clearInterval(timer);
    expect(tests).toBe(count);
    expect(turns).toBeGreaterThan(5);
  });
});
