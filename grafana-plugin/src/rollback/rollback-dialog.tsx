import { Alert, Button, Field, LoadingPlaceholder, Modal, TextArea } from '@grafana/ui';
import { useId, useState } from 'react';
import { TroubleAlert } from '../verdicts/trouble-alert.js';
import { say } from '../words/say.js';
import { ConsequenceList } from './consequence-list.js';
import { consequencesOf, type RollbackFacts } from './consequences.js';
import { StageList } from './stage-list.js';
import { type RollbackPhase, useRollback } from './use-rollback.js';

/** Asks once more before a rollback, with all that should be known, and then follows it to the recovery. */
export function RollbackDialog({ id, onDismiss }: { readonly id: string; readonly onDismiss: () => void }) {
  return (
    <Modal title={say('rollback.title')} isOpen onDismiss={onDismiss}>
      <RollbackForm id={id} onDismiss={onDismiss} />
    </Modal>
  );
}

/** The same without a frame of its own, for where there is already one. */
export function RollbackForm({ id, onDismiss }: { readonly id: string; readonly onDismiss: () => void }) {
  const { phase, confirm } = useRollback(id);
  switch (phase.kind) {
    case 'loading':
      return <LoadingPlaceholder text={say('rollback.loading')} />;
    case 'refused':
      return (
        <>
          <TroubleAlert trouble={phase.trouble} />
          <CloseRow onDismiss={onDismiss} />
        </>
      );
    case 'asking':
      return <Question phase={phase} confirm={confirm} onDismiss={onDismiss} />;
    case 'following':
      return (
        <>
          <Subject facts={phase.facts} />
          <StageList stage={phase.stage} />
          <CloseRow onDismiss={onDismiss} />
        </>
      );
  }
}

function Question({
  phase,
  confirm,
  onDismiss,
}: {
  readonly phase: Extract<RollbackPhase, { kind: 'asking' }>;
  readonly confirm: (reason: string) => void;
  readonly onDismiss: () => void;
}) {
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const reasonId = useId();
  const { facts, trouble, isSending } = phase;
  const { policy } = facts.deployment;
  const isMissing = policy.reasonRequired && reason.trim() === '';
  const send = (): void => {
    if (isMissing) setAsked(true);
    else confirm(reason.trim());
  };
  return (
    <>
      <Subject facts={facts} />
      <ConsequenceList consequences={consequencesOf(facts)} />
      <Field
        label={say(policy.reasonRequired ? 'rollback.reason-required' : 'rollback.reason')}
        invalid={isAsked && isMissing}
        error={say('rollback.reason-missing')}
      >
        <TextArea
          id={reasonId}
          rows={2}
          value={reason}
          placeholder={say('rollback.reason-example')}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Field>
      {trouble !== undefined && <TroubleAlert trouble={trouble} />}
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onDismiss}>
          {say('rollback.cancel')}
        </Button>
        <Button variant="destructive" disabled={isSending} onClick={send} data-testid="confirm-rollback">
          {isSending
            ? say('rollback.sending')
            : say('rollback.confirm', {
                service: facts.deployment.service,
                to: facts.deployment.previousVersion ?? say('rollback.previous'),
              })}
        </Button>
      </Modal.ButtonRow>
    </>
  );
}

function Subject({ facts: { deployment } }: { readonly facts: RollbackFacts }) {
  const { service, environment, version, previousVersion } = deployment;
  const judged = deployment.verdicts.find(({ metrics }) => metrics.length > 0) ?? deployment.verdicts[0];
  return (
    <Alert
      severity="warning"
      title={say('rollback.subject', {
        service,
        environment,
        from: version,
        to: previousVersion ?? say('rollback.previous'),
      })}
    >
      {judged?.sentence?.text ?? judged?.reasons[0]?.text ?? say('verdict.none-yet')}
    </Alert>
  );
}

function CloseRow({ onDismiss }: { readonly onDismiss: () => void }) {
  return (
    <Modal.ButtonRow>
      <Button variant="secondary" onClick={onDismiss}>
        {say('rollback.close')}
      </Button>
    </Modal.ButtonRow>
  );
}
