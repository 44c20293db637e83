import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import type { Region } from '../verdicts/region.js';
import { type Decision, DecisionDialog } from './decision-dialog.js';
import { RollbackDialog } from './rollback-dialog.js';

/** A question to a person about one deployment. */
interface Asked {
  readonly what: 'rollback' | Decision;
  readonly region: Region;
}

type Ask = (asked: Asked) => void;

const AskContext = createContext<Ask>(() => undefined);

/** Opens a dialog that outlives the tooltip or list entry it was asked for from. */
export function useAsk(): Ask {
  return useContext(AskContext);
}

/** Holds the dialogs of everything inside it: a click into a dialog closes tooltips, and would close a dialog within one too. */
export function DialogHost({
  children,
  onClosed,
}: {
  readonly children: ReactNode;
  /** Something may have been done: what is shown should be asked for again. */
  readonly onClosed: () => void;
}) {
  const [asked, ask] = useState<Asked>();
  const close = useCallback(() => {
    ask(undefined);
    onClosed();
  }, [onClosed]);
  return (
    <AskContext.Provider value={ask}>
      {children}
      {asked?.what === 'rollback' && <RollbackDialog id={asked.region.id} onDismiss={close} />}
      {(asked?.what === 'continue' || asked?.what === 'feedback') && (
        <DecisionDialog region={asked.region} decision={asked.what} onDismiss={close} />
      )}
    </AskContext.Provider>
  );
}
