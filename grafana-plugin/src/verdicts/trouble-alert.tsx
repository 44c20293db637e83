import { Alert, Button } from '@grafana/ui';
import { say } from '../words/say.js';
import type { ServiceTrouble } from './service-trouble.js';

/** What went wrong and what to do, with a way to try again where that can help. */
export function TroubleAlert({
  trouble,
  onRetry,
}: {
  readonly trouble: ServiceTrouble;
  readonly onRetry?: (() => void) | undefined;
}) {
  return (
    <Alert
      severity={trouble.kind === 'forbidden' ? 'warning' : 'error'}
      title={trouble.title}
      data-testid="bellwether-trouble"
    >
      {trouble.detail !== '' && <div>{trouble.detail}</div>}
      <div>
        {trouble.remedy}{' '}
        {onRetry !== undefined && (
          <Button size="sm" variant="secondary" onClick={onRetry}>
            {say('trouble.retry')}
          </Button>
        )}
      </div>
    </Alert>
  );
}
