import { Alert, Button, Field, Modal, RadioButtonGroup, TextArea } from '@grafana/ui';
import { useId, useMemo, useState } from 'react';
import { changeLine } from '../verdicts/describe-region.js';
import type { Region } from '../verdicts/region.js';
import { appActions, newRequestKey } from '../verdicts/service-client.js';
import { type ServiceTrouble, troubleOf } from '../verdicts/service-trouble.js';
import { TroubleAlert } from '../verdicts/trouble-alert.js';
import { say } from '../words/say.js';

/** Going on against a verdict, and saying whether one was right. */
export type Decision = 'continue' | 'feedback';

const judgements = (['right', 'wrong', 'unsure'] as const).map((value) => ({
  value,
  label: say(`judgement.${value}`),
}));

type Sending =
  | { readonly kind: 'asking' | 'sending' | 'done' }
  | { readonly kind: 'failed'; readonly trouble: ServiceTrouble };

/** Asks for what the decision needs, sends it once, and says that it is on record. */
export function DecisionDialog({
  region,
  decision,
  onDismiss,
}: {
  readonly region: Region;
  readonly decision: Decision;
  readonly onDismiss: () => void;
}) {
  const [sending, setSending] = useState<Sending>({ kind: 'asking' });
  const [text, setText] = useState('');
  const [judgement, setJudgement] = useState<'right' | 'wrong' | 'unsure'>('right');
  const key = useMemo(newRequestKey, []);
  const textId = useId();
  const reason = text.trim();
  const send = (): void => {
    setSending({ kind: 'sending' });
    const sent =
      decision === 'continue'
        ? appActions.goOn(region.id, reason, key)
        : appActions.feedback(region.id, { judgement, ...(reason === '' ? {} : { comment: reason }) }, key);
    sent.then(
      () => setSending({ kind: 'done' }),
      (error: unknown) => setSending({ kind: 'failed', trouble: troubleOf(error) }),
    );
  };
  return (
    <Modal title={say(`decision.${decision}.title`)} isOpen onDismiss={onDismiss}>
      <p>{changeLine(region)}</p>
      {decision === 'feedback' && (
        <Field label={say('decision.judgement')}>
          <RadioButtonGroup options={judgements} value={judgement} onChange={setJudgement} />
        </Field>
      )}
      <Field label={say(decision === 'continue' ? 'rollback.reason-required' : 'decision.comment')}>
        <TextArea
          id={textId}
          rows={2}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Field>
      {sending.kind === 'failed' && <TroubleAlert trouble={sending.trouble} />}
      {sending.kind === 'done' && <Alert severity="success" title={say('decision.done')} />}
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onDismiss}>
          {say(sending.kind === 'done' ? 'rollback.close' : 'rollback.cancel')}
        </Button>
        {sending.kind !== 'done' && (
          <Button
            disabled={sending.kind === 'sending' || (decision === 'continue' && reason === '')}
            onClick={send}
          >
            {say(`decision.${decision}.send`)}
          </Button>
        )}
      </Modal.ButtonRow>
    </Modal>
  );
}
