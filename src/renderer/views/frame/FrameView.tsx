import { Info } from 'lucide-react';
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { EmptyState } from '../../../ui/index.ts';
import { ContrastPanel } from '../../canvas/index.ts';
import { useServices, useView } from '../../stores/services.tsx';
import { FrameFacts } from './FrameFacts.tsx';
import { LabelsSection } from './LabelsSection.tsx';
import { PixelField } from './PixelField.tsx';
import './frame.css';

/** Contrast of the stored picture's channels, and what is known of the frame. */
export function FrameView(): JSX.Element {
  const { review, view } = useServices();
  const state = useStore(review);
  const ignorePercent = useView((window) => window.ignorePercent);
  const log = useView((window) => window.logHistogram);
  if (state.phase !== 'open' || state.channels.length === 0) {
    return (
      <EmptyState icon={<Info size={28} strokeWidth={1.5} aria-hidden />} title="No frame">
        What is known of a frame is shown here once a store is open.
      </EmptyState>
    );
  }
  return (
    <div className="scroll frame-view">
      <ContrastPanel
        rows={state.channels.map(({ name, display, histogram }) => ({ name, display, histogram }))}
        active={state.channels[state.active]?.name ?? null}
        onActive={(name) => review.setActive(state.channels.findIndex((channel) => channel.name === name))}
        onChange={(name, change) =>
          review.setDisplay(
            state.channels.findIndex((channel) => channel.name === name),
            change,
          )
        }
        onAutoOnce={() => review.autoOnce(ignorePercent)}
        ignorePercent={ignorePercent}
        onIgnorePercent={(percent) => view.setState({ ignorePercent: percent })}
        log={log}
        onLog={(shown) => view.setState({ logHistogram: shown })}
      />
      <LabelsSection />
      <PixelField state={state} />
      <FrameFacts state={state} />
    </div>
  );
}
