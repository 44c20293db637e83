import { gate, type GateInputs } from '../../domain/gate.js';
import { withheldFrom, type Judgement } from './judge-look.js';

/**
 * Puts a look's judgement through the gate. A tail has no `continue` to give, so only a failed check can speak there.
 * @param inputs undefined: nothing is required and nobody holds
 */
export function gateJudgement(
  isTail: boolean,
  judgement: Judgement,
  inputs: GateInputs | undefined,
): Judgement {
  if (inputs === undefined) return judgement;
  const gated = gate(judgement.value, inputs);
  if (isTail && gated.value !== 'rollback') return judgement;
  if (gated.rule === undefined) {
    const { assessment } = judgement;
    const stillNeeded = [...gated.stillNeeded, ...assessment.stillNeeded];
    return { ...judgement, assessment: { ...assessment, stillNeeded }, inputs };
  }
  const { value } = judgement;
  return {
    value: gated.value,
    rule: gated.rule,
    reasons: [...gated.reasons, ...judgement.reasons],
    assessment: {
      ...judgement.assessment,
      stillNeeded: [...gated.stillNeeded, ...judgement.assessment.stillNeeded],
    },
    inputs,
    ...(gated.value === 'pending' && (value === 'continue' || value === 'inconclusive')
      ? { withheld: withheldFrom(value, judgement) }
      : {}),
  };
}
