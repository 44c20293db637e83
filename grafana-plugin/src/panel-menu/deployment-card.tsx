import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import type { TimeZone } from '@grafana/schema';
import { config } from '@grafana/runtime';
import { Button, LinkButton, Stack, useStyles2 } from '@grafana/ui';
import { Evidence } from '../verdicts/evidence.js';
import type { Region } from '../verdicts/region.js';
import { APP_ID } from '../verdicts/service-client.js';
import { say } from '../words/say.js';

/** One deployment in the menu's modal. Its rollback replaces the list, because a modal over a modal traps the keyboard twice. */
export function DeploymentCard({
  region,
  timeZone,
  onRollback,
}: {
  readonly region: Region;
  readonly timeZone: TimeZone;
  readonly onRollback: (region: Region) => void;
}) {
  const styles = useStyles2(getStyles);
  return (
    <article className={styles.card}>
      <Evidence region={region} timeZone={timeZone} />
      <Stack direction="row" gap={1}>
        <Button
          size="sm"
          icon="history"
          variant={region.verdict === 'rollback' ? 'destructive' : 'secondary'}
          onClick={() => onRollback(region)}
        >
          {say('action.rollback')}
        </Button>
        <LinkButton
          size="sm"
          fill="text"
          variant="secondary"
          href={`${config.appSubUrl}/a/${APP_ID}/deployments/${encodeURIComponent(region.id)}`}
        >
          {say('action.open')}
        </LinkButton>
      </Stack>
    </article>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    card: css({ padding: theme.spacing(1, 0), borderTop: `1px solid ${theme.colors.border.weak}` }),
  };
}
