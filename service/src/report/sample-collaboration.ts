import type { Author, Check } from '../domain/check.js';
import type { Collaboration } from '../domain/collaboration.js';
import type { CheckStanding } from '../domain/required-check.js';
import type { ReportPage } from './report-page.js';
import { changeAtMs, minuteMs } from './sample-plot.js';
import { sampleDeployment, sampleVerdict, sampleWatch } from './sample-report.js';
import { firstVerdict, quietFindings, shopPolicy, watchedShop, without } from './sample-shop.js';

const pipeline: Author = { actor: 'p-41c8', actorRole: 'pipeline' };
const ada: Author = {
  actor: 'p-0915',
  actorRole: 'operator',
  person: 'p-77aa',
  personRole: 'release manager',
};

const people = { 'p-41c8': 'release-pipeline', 'p-77aa': 'Ada Okafor', 'p-0915': 'operators' };
const policy = {
  ...shopPolicy,
  requiredChecks: [
    { name: 'release sign-off', kind: 'sign-off', onFailure: 'inconclusive', timeoutMs: 3_600_000 },
    { name: 'smoke', kind: 'junit', onFailure: 'rollback', timeoutMs: 600_000 },
  ],
} as const;

const smoke: Check = {
  ...pipeline,
  deploymentId: 'dep-7f3a',
  name: 'smoke',
  kind: 'junit',
  state: 'running',
  link: 'https://ci.example.com/run/17',
  firstReportedAtMs: changeAtMs + 2 * minuteMs,
  reportedAtMs: changeAtMs + 4 * minuteMs,
  revision: 1,
};
const failedSmoke: Check = {
  ...smoke,
  state: 'failed',
  tests: {
    tests: 214,
    failures: 11,
    errors: 1,
    skipped: 3,
    failing: ['CartTest › adds an item', 'CheckoutTest › pays by card', 'CheckoutTest › refunds'],
  },
  revision: 2,
};
const approval: Check = {
  ...ada,
  deploymentId: 'dep-7f3a',
  name: 'change CHG-2041',
  kind: 'change-approval',
  state: 'passed',
  summary: 'approved for the window until 06:00',
  link: 'https://tickets.example.com/CHG-2041',
  firstReportedAtMs: changeAtMs - 30 * minuteMs,
  reportedAtMs: changeAtMs - 30 * minuteMs,
  expiresAtMs: changeAtMs + 180 * minuteMs,
  revision: 1,
};

const said: Collaboration = {
  checks: [approval, smoke],
  notes: [
    {
      ...ada,
      id: 'n-1',
      deploymentId: 'dep-7f3a',
      kind: 'note',
      text: 'Asked the payments team.\nThey see nothing on their side.',
      atMs: changeAtMs + 7 * minuteMs,
    },
    {
      ...ada,
      id: 'n-2',
      deploymentId: 'dep-7f3a',
      kind: 'lesson',
      text: 'Warm the cache before the second step.',
      atMs: changeAtMs + 9 * minuteMs,
    },
  ],
  incidents: [
    {
      ...pipeline,
      id: 'i-1',
      deploymentId: 'dep-7f3a',
      url: 'https://incidents.example.com/204',
      title: 'INC-204: the payment provider is slow',
      atMs: changeAtMs + 6 * minuteMs,
    },
  ],
  acknowledgements: [
    {
      actor: 'p-0915',
      actorRole: 'operator',
      id: 'a-1',
      deploymentId: 'dep-7f3a',
      comment: 'looking',
      atMs: changeAtMs + 5 * minuteMs,
      releasedAtMs: changeAtMs + 8 * minuteMs,
      releasedBy: 'p-41c8',
      revision: 2,
    },
    { ...ada, id: 'a-2', deploymentId: 'dep-7f3a', atMs: changeAtMs + 8 * minuteMs, revision: 1 },
  ],
};

const standings: readonly CheckStanding[] = [
  { name: 'release sign-off', kind: 'sign-off', onFailure: 'inconclusive', standing: 'missing' },
  { name: 'smoke', kind: 'junit', onFailure: 'rollback', standing: 'running', revision: 1 },
];
const needed = [
  {
    code: 'check-needed',
    text: 'the required check "release sign-off" (sign-off) has not been reported yet',
  },
  { code: 'check-needed', text: 'the required check "smoke" (junit) is still running' },
];
const quiet = { p: 0.42, harmProbability: 0.02, findings: quietFindings };
const withheld = {
  value: 'continue',
  rule: 'bounded-harm',
  guarantee: 'placebo',
  reasons: [{ code: 'bounded', text: 'every required metric’s harm is bounded below its tolerance' }],
  confidence: 0.98,
} as const;

const base: ReportPage = {
  ...watchedShop,
  deployment: sampleDeployment({ policy }),
  watches: [sampleWatch({ state: 'watching', lastLook: 60 })],
  people,
};
const pending = without(
  sampleVerdict({
    ...quiet,
    value: 'pending',
    rule: 'awaiting-checks',
    look: 60,
    reasons: needed,
    stillNeeded: needed,
    checks: standings,
    withheld,
  }),
  'confidence',
);
const holdWord = { reason: 'the payment provider is having an incident', sinceMs: changeAtMs + 6 * minuteMs };

/** States in which checks and people decide, by name. */
export const collaborationStates = {
  'awaiting-checks': {
    ...base,
    verdicts: [pending, firstVerdict],
    collaboration: { ...said, notes: [], incidents: [], acknowledgements: [] },
  },
  'check-failed': {
    ...base,
    watches: [sampleWatch({ lastLook: 4 })],
    verdicts: [
      without(
        sampleVerdict({
          rule: 'check-failed',
          guarantee: 'guard-rail',
          p: 1,
          look: 4,
          harmProbability: 0.1,
          findings: [],
          reasons: [{ code: 'check-failed', text: 'the required check "smoke" (junit) failed' }],
          checks: standings.map((one) =>
            one.name === 'smoke' ? { ...one, standing: 'failed' as const } : one,
          ),
          brakes: [{ brake: 'mode', text: 'the policy’s mode is "recommend": people decide' }],
        }),
        'confidence',
        'evidenceHash',
        'calibration',
      ),
      firstVerdict,
    ],
    collaboration: { ...said, checks: [approval, failedSmoke] },
  },
  'checks-missing': {
    ...base,
    deployment: sampleDeployment({ policy, state: 'finished' }),
    watches: [sampleWatch({ lastLook: 60 })],
    verdicts: [
      without(
        sampleVerdict({
          ...quiet,
          value: 'inconclusive',
          rule: 'checks-missing',
          guarantee: 'none',
          look: 60,
          reasons: [
            {
              code: 'check-missing',
              text: 'the required check "release sign-off" (sign-off) had not passed when its time was over',
            },
          ],
          checks: standings.map((one) => ({ ...one, standing: 'overdue' as const })),
        }),
        'confidence',
      ),
      firstVerdict,
    ],
    collaboration: { ...said, checks: [smoke] },
  },
  held: {
    ...base,
    verdicts: [
      {
        ...pending,
        rule: 'held',
        hold: holdWord,
        reasons: [
          {
            code: 'held',
            text: `a person holds this deployment until somebody proceeds: ${holdWord.reason}`,
          },
        ],
      },
      firstVerdict,
    ],
    collaboration: {
      ...said,
      hold: { ...ada, ...holdWord, deploymentId: 'dep-7f3a', stopsRollback: false },
    },
  },
} satisfies Readonly<Record<string, ReportPage>>;
