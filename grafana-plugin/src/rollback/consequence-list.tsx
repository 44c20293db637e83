import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import { say } from '../words/say.js';
import type { Consequence } from './consequences.js';

/** What to weigh before a rollback; what speaks against it has a sign and a word of its own besides its colour. */
export function ConsequenceList({ consequences }: { readonly consequences: readonly Consequence[] }) {
  const styles = useStyles2(getStyles);
  return (
    <section aria-label={say('consequence.title')}>
      <h5>{say('consequence.title')}</h5>
      <ul className={styles.list} data-testid="consequences">
        {consequences.map(({ weight, text }) => (
          <li key={text} className={weight === 'stop' ? styles.stop : undefined}>
            <Icon name={weight === 'stop' ? 'exclamation-triangle' : 'info-circle'} aria-hidden />{' '}
            {weight === 'stop' && <strong>{say('consequence.mind')} </strong>}
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    list: css({
      listStyle: 'none',
      marginBottom: theme.spacing(2),
      li: { marginBottom: theme.spacing(0.5) },
    }),
    stop: css({ color: theme.colors.warning.text }),
  };
}
