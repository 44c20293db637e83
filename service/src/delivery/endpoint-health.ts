import type { Outcome } from './outcome.js';
import type { DeliveryLog } from './port.js';

/** Remembers how endpoints (webhooks, and Grafanas that get annotations) do, and says so in the log when it changes rather than at every attempt. */
export interface EndpointHealth {
  note(outcome: Outcome): void;
  isGone(endpoint: string): boolean;
  enable(endpoint: string): void;
}

/** Lives as long as the process: after a restart a gone endpoint is asked once more, which is how a repaired one comes back. */
export function createEndpointHealth(log: DeliveryLog): EndpointHealth {
  const gone = new Set<string>();
  const failing = new Set<string>();
  const deadLettered = new Set<string>();

  const noteGone = (endpoint: string, fields: object): void => {
    if (gone.has(endpoint)) return;
    gone.add(endpoint);
    log.warn(
      fields,
      'endpoint answered 410: it gets no more messages; remove it from the configuration, or repair it and redeliver',
    );
  };
  const noteFailing = (endpoint: string, fields: object): void => {
    if (failing.has(endpoint)) return;
    failing.add(endpoint);
    log.warn(fields, 'endpoint fails; its messages wait and are tried again');
  };

  const noteDead = (endpoint: string, fields: object): void => {
    if (gone.has(endpoint) || deadLettered.has(endpoint)) return;
    deadLettered.add(endpoint);
    log.warn(fields, 'endpoint has dead letters; repair the cause, then redeliver them');
  };
  const noteDelivered = (endpoint: string): void => {
    deadLettered.delete(endpoint);
    if (failing.delete(endpoint)) log.info({ endpoint }, 'endpoint works again');
  };

  return {
    isGone: (endpoint) => gone.has(endpoint),
    enable: (endpoint) => void gone.delete(endpoint),
    note: ({ kind, gone: saysGone, message }) => {
      const { endpoint, id: messageId, attempts, lastError } = message;
      const fields = { endpoint, messageId, attempts, lastError };
      if (saysGone) noteGone(endpoint, fields);
      else if (kind === 'retry') noteFailing(endpoint, fields);
      else if (kind === 'delivered') noteDelivered(endpoint);
      else noteDead(endpoint, fields);
    },
  };
}
