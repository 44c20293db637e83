import { css } from '@emotion/css';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import { say } from '../words/say.js';
import type { RollbackStage } from './rollback-stage.js';

const icons: Readonly<Record<RollbackStage['steps'][number]['standing'], IconName>> = {
  done: 'check-circle',
  now: 'sync',
  open: 'circle',
  failed: 'times-circle',
};

/** How far a rollback has come; read out to those who cannot see it move. */
export function StageList({ stage }: { readonly stage: RollbackStage }) {
  const styles = useStyles2(getStyles);
  return (
    <section
      aria-live="polite"
      aria-label={say('stage.title')}
      data-testid="rollback-stage"
      data-outcome={stage.outcome}
    >
      <h5>{say('stage.title')}</h5>
      <ol className={styles.list}>
        {stage.steps.map(({ text, standing }) => (
          <li key={text} className={styles[standing]}>
            <Icon name={icons[standing]} aria-hidden /> {text} <em>({say(`standing.${standing}`)})</em>
          </li>
        ))}
      </ol>
      <p>{say(`outcome.${stage.outcome}`)}</p>
    </section>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    list: css({ listStyle: 'none', li: { marginBottom: theme.spacing(0.5) } }),
    done: css({ color: theme.colors.success.text }),
    now: css({ color: theme.colors.info.text }),
    open: css({ color: theme.colors.text.secondary }),
    failed: css({ color: theme.colors.error.text }),
  };
}
