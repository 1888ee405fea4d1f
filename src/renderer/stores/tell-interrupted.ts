import { reviewChannel } from '../../shared/channels/review.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import { formatNumber } from '../../ui/index.ts';
import type { ReviewStore } from './review-store.ts';
import { addToast, type WindowStore } from './window-store.ts';

export function interruptedTitle(name: string): string {
  return `${name} was interrupted`;
}

/** Says, when the window was opened, that the newest run was interrupted: an operator who comes back after a crash must not have to look. */
export function tellInterrupted(bridge: Bridge, view: WindowStore, review: Pick<ReviewStore, 'openRun'>): void {
  let asked = false;
  const ask = async () => {
    if (asked || bridge.state.kind !== 'open') return;
    asked = true;
    const newest = { offset: 0, limit: 1, refresh: false };
    const [run] = (await bridge.channel(reviewChannel).call('search', newest)).runs;
    if (run?.interruption !== 'unrepaired') return;
    addToast(view, {
      kind: 'warn',
      title: interruptedTitle(run.name),
      detail: `${formatNumber(run.frames)} ${run.frames === 1 ? 'frame is' : 'frames are'} there. Recover makes them whole.`,
      action: {
        label: 'Review',
        run: () => {
          view.setState({ layout: 'review' });
          void review.openRun(run.id);
        },
      },
    });
  };
  // Where runs cannot be listed, Review says so.
  const look = () => void ask().catch(() => {});
  bridge.onState(look);
  look();
}
