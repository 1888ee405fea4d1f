import { Activity, Ban, Flag, HardDrive, Pause, Play } from 'lucide-react';
import { type JSX, useEffect, useState } from 'react';
import type { RunProgress } from '../../../shared/channels/acquisition.ts';
import {
  Bar,
  Button,
  durationRangeAs,
  formatBytes,
  formatDuration,
  formatMoment,
  formatNumber,
  formatSpan,
  Pill,
  Section,
} from '../../../ui/index.ts';
import { type EngineState, runState } from '../../stores/engine-words.ts';
import { runPart } from '../../stores/run-part.ts';
import { useCommands, useHost, useLookingOn } from '../../stores/services.tsx';
import { OtherFolder } from './OtherFolder.tsx';

/** How the run gets on, and how to hold or end it. */
export function RunPanel(props: {
  readonly run: RunProgress;
  readonly engine: EngineState;
  readonly pausePending: boolean;
}): JSX.Element {
  const { run, engine, pausePending } = props;
  const stuck = useStuckEnd(engine);
  const commands = useCommands();
  const bridge = useHost((state) => state.bridge.kind);
  const reachable = bridge === 'open';
  const holder = useLookingOn();
  const mayAct = reachable && holder === null;
  const freeBytes = useHost((state) => state.storage?.freeBytes ?? null);
  const forecast = useHost((state) => state.storage?.forecast ?? null);
  const { word, tone } = runState(engine, bridge);
  const part = runPart(run);
  const left = reachable && run.leftS && durationRangeAs(run.leftS.low, run.leftS.high);
  const backlog = run.acquired - run.acknowledged;
  const steady = engine === 'running' || engine === 'paused' || engine === 'suspending';
  return (
    <section className="run-panel" aria-label="Run">
      <div className="acquire-fields scroll">
        <div className="run-head">
          <div className="row">
            <h3 className="cut grow">{run.name}</h3>
            <Pill tone={tone}>
              <Activity aria-hidden />
              {word}
            </Pill>
          </div>
          <p className="small muted cut" title={run.folder}>
            {run.plan} · {run.folder || 'dry run, nothing is kept'}
          </p>
          <div className="run-percent">
            <output aria-label="Percent done">{part === null ? '–' : Math.floor(part * 100)}</output>
            <span className="muted">%</span>
            <span className="push">
              {left ? (
                <>
                  <strong>{left.value}</strong> {left.unit} left
                </>
              ) : (
                <span className="faint">time left unknown</span>
              )}
            </span>
          </div>
          <Bar label="Run progress" part={part ?? 0} colour={`var(--${tone})`} />
          <div className="row small muted run-times">
            <span title={run.predictedS ? 'What was estimated before the run' : undefined}>
              Elapsed {formatDuration(run.elapsedS)}
              {run.predictedS && ` of ${predictedWords(run.predictedS)}`}
            </span>
            {run.leftS && tone === 'live' && <span className="push">Ends {endWords(run)}</span>}
          </div>
          <div className={`run-now ${tone === 'live' ? '' : 'is-held'}`} role="status" aria-live="off">
            {nowWords(run.now, engine, reachable)}
          </div>
        </div>
        <Section title="Frames" aside={run.total === null ? 'number unknown' : `of ${formatNumber(run.total)}`}>
          <Count label="Acquired" value={run.acquired} total={run.total} />
          <Count label="Acknowledged" value={run.acknowledged} total={run.total} />
          <Count label="Durable on disk" name="Durable" value={run.durable} total={run.total} colour="var(--live)" />
          <div className="count-row">
            <span>Backlog</span>
            <Bar label="Buffer" part={run.buffer} colour={bufferColour(run.buffer)} />
            <output aria-label="Backlog">
              {formatNumber(Math.max(0, backlog))} · {Math.round(run.buffer * 100)} %
            </output>
          </div>
        </Section>
        <Section title="Disk">
          <div className="row small">
            <HardDrive size={14} aria-hidden />
            <span>{run.folder ? `${formatBytes(run.bytesWritten)} written` : 'Dry run: nothing is written'}</span>
            <span className="push muted">{freeBytes === null ? '' : `${formatBytes(freeBytes)} left`}</span>
          </div>
          {forecast && run.diskFault === null && (
            <p className="small run-disk-warning" role="alert">
              Full at {formatMoment(forecast.fullAt, nowOf(run))}
              {forecast.endsAt === null ? '' : `, run ends ${formatMoment(forecast.endsAt, nowOf(run))}`}
            </p>
          )}
          {run.linkedFolder !== null && (
            <p className="small muted run-linked" title={run.linkedFolder}>
              Goes on in {run.linkedFolder}
            </p>
          )}
          {engine === 'paused' && run.diskFault !== null && <OtherFolder reachable={mayAct} />}
        </Section>
      </div>
      <footer className="acquire-foot">
        {engine === 'paused' ? (
          <Button
            look="primary"
            size="run"
            className="run-button"
            icon={<Play size={16} aria-hidden />}
            onClick={() => void commands.resume()}
            disabled={!mayAct}
          >
            Resume
          </Button>
        ) : (
          <Button
            size="run"
            className="run-button"
            icon={<Pause size={16} aria-hidden />}
            onClick={() => void commands.pause()}
            disabled={!mayAct || engine !== 'running'}
            title={pausePending ? 'Break this step off (Ctrl+Space)' : 'Pause after this step (Ctrl+Space)'}
          >
            {pausePending ? 'Pause now' : 'Pause'}
          </Button>
        )}
        <div className="row run-ends">
          <Button
            icon={<Flag size={14} aria-hidden />}
            onClick={() => void commands.finish()}
            disabled={!mayAct || !steady}
            title="Ends the run in good order"
          >
            Stop
          </Button>
          <Button
            look="discard"
            className="push"
            icon={<Ban size={14} aria-hidden />}
            onClick={() => void (stuck ? commands.halt() : commands.abort())}
            disabled={!mayAct || !(steady || stuck)}
            title={stuck ? 'Ends the run at once, without its clean-up' : undefined}
          >
            {stuck ? 'Halt' : 'Abort'}
          </Button>
        </div>
        <p className="small muted" role="status">
          {footWords({ reachable, holder, pausePending, stuck, frames: formatNumber(run.acknowledged) })}
        </p>
      </footer>
    </section>
  );
}

const STUCK_AFTER_MS = 1500;

/** True when a run that was told to end does not: a device does not answer. */
function useStuckEnd(engine: EngineState): boolean {
  const ending = engine === 'aborting' || engine === 'stopping';
  const [stuck, setStuck] = useState(false);
  useEffect(() => {
    if (!ending) return;
    const timer = setTimeout(() => setStuck(true), STUCK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setStuck(false);
    };
  }, [ending]);
  return stuck;
}

function nowWords(now: string, engine: EngineState, reachable: boolean): string {
  if (!reachable) return `Last heard: ${now}`;
  return engine === 'paused' && !now.startsWith('Paused: ') ? 'Paused. Resume goes on with the next step' : now;
}

function footWords(state: {
  readonly reachable: boolean;
  readonly holder: string | null;
  readonly pausePending: boolean;
  readonly stuck: boolean;
  readonly frames: string;
}): string {
  if (!state.reachable) {
    return `The host does not answer: numbers are the last that were heard. The run may still go on; all ${state.frames} acknowledged frames are kept.`;
  }
  if (state.holder !== null) return `${state.holder} has control of the run. STOP works here, too.`;
  if (state.stuck) {
    return `The clean-up does not end. Halt leaves devices as they are; all ${state.frames} acknowledged frames are kept.`;
  }
  if (state.pausePending) return 'Pausing after this step. Pause now breaks it off; Resume does it again.';
  return `Pause waits for the end of this step. Stop and Abort keep all ${state.frames} acknowledged frames; Stop ends the run as done, Abort marks it as aborted.`;
}

function Count(props: {
  readonly label: string;
  readonly name?: string;
  readonly value: number;
  readonly total: number | null;
  readonly colour?: string;
}): JSX.Element {
  const { label, name = label, value, total, colour } = props;
  return (
    <div className="count-row">
      <span>{label}</span>
      <Bar label={`${name} part`} part={total ? value / total : 0} colour={colour} />
      <output aria-label={name} aria-live="off">
        {formatNumber(value)}
      </output>
    </div>
  );
}

/** By the clock of the host, Unix time, s. */
function nowOf({ startedAt, elapsedS }: RunProgress): number {
  return startedAt + elapsedS;
}

function endWords(run: RunProgress): string {
  const nowS = nowOf(run);
  return formatSpan(nowS + (run.leftS?.low ?? 0), nowS + (run.leftS?.high ?? 0), nowS);
}

function predictedWords({ low, high }: NonNullable<RunProgress['predictedS']>): string {
  const { value, unit } = durationRangeAs(low, high);
  return `${value} ${unit} estimated`;
}

function bufferColour(part: number): string {
  return part >= 0.9 ? 'var(--danger)' : part >= 0.6 ? 'var(--warn)' : 'var(--accent)';
}
