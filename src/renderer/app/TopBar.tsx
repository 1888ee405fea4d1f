import { Activity, Camera, FlaskConical, Moon, OctagonX, Square, Sun, Video } from 'lucide-react';
import type { JSX } from 'react';
import { Bar, Button, durationRangeAs, IconButton, Pill, Segmented } from '../../ui/index.ts';
import { runState } from '../stores/engine-words.ts';
import { runPart } from '../stores/run-part.ts';
import { useCommands, useHost, useLock, useLookingOn, useServices, useView } from '../stores/services.tsx';
import { ControlInBar } from './Control.tsx';
import { Notices } from './Notices.tsx';
import { SunMark } from './SunMark.tsx';

const LAYOUTS = [
  { value: 'acquire', label: 'Acquire', title: 'Alt+1' },
  { value: 'review', label: 'Review', title: 'Alt+3' },
] as const;

export function TopBar({ narrow }: { readonly narrow: boolean }): JSX.Element {
  const { view } = useServices();
  const commands = useCommands();
  const lock = useLock();
  const holder = useLookingOn();
  const hasCamera = useHost(({ cameras }) => cameras.length > 0);
  const live = useHost(({ cameras, bridge }) => bridge.kind === 'open' && cameras.some((camera) => camera.live));
  const simulated = useHost(({ session }) => session?.simulated ?? false);
  const running = useHost(({ acquisition }) => acquisition !== null && acquisition.engine !== 'idle');
  const layout = useView((state) => state.layout);
  const theme = useView((state) => state.theme);
  const blocked = lock !== null || !hasCamera;
  return (
    <header className="top-bar">
      <SunMark />
      {!narrow && <h1>Redsun</h1>}
      <Button
        size="bar"
        icon={<Camera size={16} aria-hidden />}
        onClick={() => void commands.snap()}
        disabled={blocked}
        title={lock ?? 'One picture (Ctrl+K)'}
      >
        Snap
      </Button>
      <Button
        size="bar"
        className="live-button"
        look={live ? 'live' : 'plain'}
        icon={live ? <Square size={16} aria-hidden /> : <Video size={16} aria-hidden />}
        onClick={() => void commands.toggleLive()}
        disabled={live ? holder !== null : blocked}
        title={lock ?? 'Ctrl+L'}
      >
        {live ? 'Stop live' : 'Live'}
      </Button>
      <span className="top-divider" />
      <Segmented
        label="Layout"
        size="bar"
        options={LAYOUTS}
        value={layout}
        onSelect={(chosen) => view.setState({ layout: chosen })}
      />
      {simulated && !narrow && (
        <Pill>
          <FlaskConical aria-hidden />
          Simulated
        </Pill>
      )}
      <span className="grow" />
      <ControlInBar isCompact={narrow || running} />
      <RunInBar narrow={narrow} />
      <Notices />
      <IconButton
        label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
        className="top-icon"
        onClick={() => view.setState({ theme: theme === 'dark' ? 'light' : 'dark' })}
      >
        {theme === 'dark' ? <Sun size={16} aria-hidden /> : <Moon size={16} aria-hidden />}
      </IconButton>
      <span className="top-divider" />
      <Rearm />
      <button
        type="button"
        className="stop-button"
        aria-label="STOP"
        title="Motion, lights and run (Esc)"
        onClick={() => void commands.stop('button')}
      >
        <OctagonX size={18} aria-hidden />
        STOP
        <kbd data-key="Esc" aria-hidden />
      </button>
    </header>
  );
}

/** Name, bar, percent and time left of the run that is going. */
function RunInBar({ narrow }: { readonly narrow: boolean }): JSX.Element | null {
  const acquisition = useHost((state) => state.acquisition);
  const bridge = useHost((state) => state.bridge.kind);
  if (!acquisition?.run || acquisition.engine === 'idle') return null;
  const { run, engine } = acquisition;
  const { word, tone } = runState(engine, bridge);
  const part = runPart(run);
  const left = bridge === 'open' && run.leftS && durationRangeAs(run.leftS.low, run.leftS.high);
  return (
    <div className="run-in-bar">
      <Pill tone={tone}>
        <Activity aria-hidden />
        {word}
      </Pill>
      {!narrow && <strong className="cut">{run.name}</strong>}
      <Bar label="Progress of the run" part={part ?? 0} colour={`var(--${tone})`} />
      <span className="run-in-bar-percent">{part === null ? '' : `${Math.floor(part * 100)} %`}</span>
      {!narrow && <span className="run-in-bar-left muted">{left ? `${left.value} ${left.unit} left` : ''}</span>}
    </div>
  );
}

/** Beside STOP while the notice that also offers it is put aside. */
function Rearm(): JSX.Element | null {
  const commands = useCommands();
  const stopped = useHost(({ safety }) => safety.kind === 'stopped');
  const noticeClosed = useView((state) => state.stopNoticeClosed);
  const holder = useLookingOn();
  if (!stopped || !noticeClosed) return null;
  return (
    <Button
      size="bar"
      look="primary"
      disabled={holder !== null}
      title={holder === null ? undefined : `${holder} has control`}
      onClick={() => void commands.rearm()}
    >
      Re-arm
    </Button>
  );
}
