import { config } from '@grafana/runtime';
import { Button, LinkButton, Stack } from '@grafana/ui';
import { APP_ID } from '../verdicts/service-client.js';
import type { Region } from '../verdicts/region.js';
import { say } from '../words/say.js';
import { useAsk } from './dialog-host.js';

/** States that a deployment does not come back from by a rollback of its own. */
const settled = new Set(['rolled-back', 'superseded', 'cancelled']);

/** What can be done about a deployment. Whether somebody may is for Grafana's server and the service to say. */
export function DeploymentActions({
  region,
  isOnOwnPage = false,
  onAsked,
}: {
  readonly region: Region;
  /** Leaves away the link to where people are already. */
  readonly isOnOwnPage?: boolean;
  /** Told when a dialog opens, so that what lies over it can close. */
  readonly onAsked?: () => void;
}) {
  const openDialog = useAsk();
  const ask = (asked: Parameters<typeof openDialog>[0]): void => {
    openDialog(asked);
    onAsked?.();
  };
  const { deployment } = region;
  const isSettled = settled.has(deployment.state);
  return (
    <Stack direction="row" gap={1} wrap="wrap">
      <Button
        size="sm"
        variant={region.verdict === 'rollback' ? 'destructive' : 'secondary'}
        icon="history"
        disabled={isSettled}
        tooltip={isSettled ? say('action.settled', { state: deployment.state }) : undefined}
        onClick={() => ask({ what: 'rollback', region })}
      >
        {say('action.rollback')}
      </Button>
      <Button
        size="sm"
        variant="secondary"
        disabled={isSettled}
        onClick={() => ask({ what: 'continue', region })}
      >
        {say('action.continue')}
      </Button>
      <Button size="sm" variant="secondary" onClick={() => ask({ what: 'feedback', region })}>
        {say('action.feedback')}
      </Button>
      {!isOnOwnPage && (
        <LinkButton
          size="sm"
          variant="secondary"
          fill="text"
          href={`${config.appSubUrl}/a/${APP_ID}/deployments/${encodeURIComponent(deployment.id)}`}
        >
          {say('action.open')}
        </LinkButton>
      )}
    </Stack>
  );
}
