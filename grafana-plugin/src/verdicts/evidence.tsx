import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import type { TimeZone } from '@grafana/schema';
import { useStyles2 } from '@grafana/ui';
import { say } from '../words/say.js';
import { changeLine, sentenceOf } from './describe-region.js';
import { onsetOf, type Region } from './region.js';
import { VerdictBadge } from './verdict-badge.js';
import type { WireVerdict } from './wire.js';

/** More than these are in the deployment's own page. */
const MOST_METRICS = 6;

/** What a verdict rests on: the sentence, the metrics that moved, when the shift began, whose doing it is, what holds a rollback back. */
export function Evidence({ region, timeZone }: { readonly region: Region; readonly timeZone: TimeZone }) {
  const styles = useStyles2(getStyles);
  const verdict = region.deployment.latestVerdict;
  const onsetMs = onsetOf(region);
  const time = (ms: number): string => dateTimeFormat(ms, { timeZone });
  return (
    <div className={styles.evidence} data-testid="evidence">
      <div className={styles.head}>
        <VerdictBadge region={region} /> <strong>{changeLine(region)}</strong>
      </div>
      <p>{sentenceOf(verdict)}</p>
      <dl className={styles.facts}>
        <dt>{say('evidence.time')}</dt>
        <dd>
          {time(region.fromMs)} – {time(region.toMs)}
        </dd>
        {onsetMs !== undefined && (
          <>
            <dt>{say('evidence.onset')}</dt>
            <dd>{time(onsetMs)}</dd>
          </>
        )}
        {verdict !== undefined && <Guarantee verdict={verdict} />}
      </dl>
      {verdict !== undefined && <Findings verdict={verdict} />}
    </div>
  );
}

function Guarantee({ verdict }: { readonly verdict: WireVerdict }) {
  return (
    <>
      <dt>{say('evidence.p')}</dt>
      <dd>
        {verdict.p.toPrecision(2)} (
        {say('evidence.alpha', { alpha: verdict.alpha, guarantee: verdict.guarantee })})
      </dd>
      {verdict.attribution !== undefined && (
        <>
          <dt>{say('evidence.whose')}</dt>
          <dd>{verdict.attribution.sentence}</dd>
        </>
      )}
    </>
  );
}

function Findings({ verdict }: { readonly verdict: WireVerdict }) {
  const told = verdict.metrics.filter(({ status }) => status === 'harmed' || status === 'moved');
  const lines = [
    ...told.slice(0, MOST_METRICS).map(({ name, text }) => ({ key: `metric ${name}`, text })),
    ...verdict.brakes.map(({ brake, text }) => ({
      key: `brake ${brake}`,
      text: say('evidence.held', { text }),
    })),
    ...verdict.stillNeeded.map(({ code, text }) => ({
      key: `need ${code} ${text}`,
      text: say('evidence.needed', { text }),
    })),
  ];
  if (lines.length === 0) return null;
  return (
    <ul>
      {lines.map(({ key, text }) => (
        <li key={key}>{text}</li>
      ))}
    </ul>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    evidence: css({
      maxWidth: 560,
      fontSize: theme.typography.bodySmall.fontSize,
      overflowWrap: 'anywhere',
      p: { margin: theme.spacing(0.5, 0) },
      ul: { paddingLeft: theme.spacing(2), margin: 0 },
    }),
    head: css({ display: 'flex', gap: theme.spacing(1), alignItems: 'center', flexWrap: 'wrap' }),
    facts: css({
      display: 'grid',
      gridTemplateColumns: 'max-content 1fr',
      columnGap: theme.spacing(1),
      margin: theme.spacing(0.5, 0),
      dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
      dd: { margin: 0 },
    }),
  };
}
