import { Play, Wrench, X } from 'lucide-react';
import { type JSX, type ReactNode, useState } from 'react';
import type { Recovering, RunSummary } from '../../../shared/channels/review.ts';
import { Bar, Button, formatNumber, Notice } from '../../../ui/index.ts';
import { lockOf } from '../../stores/host-store.ts';
import { useCommands, useHost, useServices } from '../../stores/services.tsx';

/** What can be done for a run that its program did not see to the end; nothing for any other. */
export function InterruptedRun({ run }: { readonly run: RunSummary }): JSX.Element | null {
  const { review } = useServices();
  const commands = useCommands();
  const locked = useHost((state) => lockOf(state) !== null);
  const recovering = useHost((state) => (state.recovering?.id === run.id ? state.recovering : null));
  const [going, setGoing] = useState<AbortController | null>(null);
  const canGoOn = run.plan === 'mda';

  const recover = async (): Promise<void> => {
    const controller = new AbortController();
    setGoing(controller);
    await commands.recover(run, controller.signal);
    setGoing(null);
    // What the viewer knows of its shape and its frames is from before.
    if (review.getState().opened?.runId === run.id) await review.openRun(run.id);
  };

  switch (run.interruption) {
    case null:
      return null;
    case 'unrepaired':
      return (
        <Interruption text={`${run.name} was interrupted. Recover makes whole what was acquired.`}>
          <Button icon={<Wrench size={14} aria-hidden />} onClick={() => void recover()} disabled={locked}>
            Recover
          </Button>
        </Interruption>
      );
    case 'repairing':
      return (
        <Interruption text={`Recovering ${run.name}: every frame is compared with its checksum.`}>
          {recovering && <RecoveryProgress {...recovering} />}
          {going && (
            <Button icon={<X size={14} aria-hidden />} onClick={() => going.abort()}>
              Cancel
            </Button>
          )}
        </Interruption>
      );
    case 'repaired':
      if (!canGoOn) return null;
      return (
        <Interruption
          text={`${run.name} was interrupted and is whole. Go on takes the missing frames into the same store: make sure first that the stage knows where it is.`}
        >
          <Button
            icon={<Play size={14} aria-hidden />}
            onClick={() => void commands.goOnWith(run.id)}
            disabled={locked}
          >
            Go on
          </Button>
        </Interruption>
      );
  }
}

function RecoveryProgress({ step, done, total }: Recovering): JSX.Element {
  const frames = `${formatNumber(done)} of ${formatNumber(total)} frames`;
  return (
    <div className="run-recovering small muted">
      <Bar label="Progress of the recovery" part={done / total} />
      <span>{step === 'frames' ? `${frames} compared` : `Coarser levels: ${frames}`}</span>
    </div>
  );
}

function Interruption({ text, children }: { readonly text: string; readonly children: ReactNode }): JSX.Element {
  return (
    <section className="run-interrupted" aria-label="Interrupted run">
      <Notice tone="warn">{text}</Notice>
      <div className="row">{children}</div>
    </section>
  );
}
