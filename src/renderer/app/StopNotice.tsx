import { CircleCheck, OctagonX, TriangleAlert } from 'lucide-react';
import { type JSX, useEffect, useRef } from 'react';
import { notSafe } from '../../shared/channels/device-answer.ts';
import type { StopReport, StopStep } from '../../shared/channels/safety.ts';
import { Button, formatClock, formatNumber, Notice } from '../../ui/index.ts';
import { useCommands, useHost, useLookingOn, useServices, useView } from '../stores/services.tsx';

/** After STOP: who answered, how fast, what became of the data; and the way back. */
export function StopNotice(): JSX.Element | null {
  const { view } = useServices();
  const safety = useHost((state) => state.safety);
  const closed = useView((state) => state.stopNoticeClosed);
  const unreached = useView((state) => state.stopUnreached);
  if (unreached !== null) {
    return (
      <section className="stop-notice card" role="alertdialog" aria-label="STOP did not get through">
        <header>
          <OctagonX size={18} aria-hidden />
          <h2>STOP did not get through</h2>
        </header>
        <div className="stop-body">
          <p>{unreached}</p>
          <div className="row">
            <Button onClick={() => view.setState({ stopUnreached: null })}>Close</Button>
          </div>
        </div>
      </section>
    );
  }
  if (safety.kind === 'armed' || closed) return null;
  if (safety.kind === 'stopping') {
    return (
      <section className="stop-notice card" role="alertdialog" aria-label="Stopping">
        <header>
          <OctagonX size={18} aria-hidden />
          <h2>Stopping</h2>
          <span className="push small">by {safety.by}</span>
        </header>
      </section>
    );
  }
  return <Stopped report={safety.report} />;
}

function Stopped({ report }: { readonly report: StopReport }): JSX.Element {
  const { view } = useServices();
  const commands = useCommands();
  const holder = useLookingOn();
  const rearm = useRef<HTMLDivElement>(null);
  const doubtful = notSafe(report.devices);
  const title =
    doubtful.length === 0
      ? `Stopped. ${report.devices.length === 1 ? 'The device is' : `All ${report.devices.length} devices are`} safe`
      : `Stopped. ${doubtful.length} of ${report.devices.length} devices not confirmed`;
  useEffect(() => {
    rearm.current?.querySelector('button')?.focus();
  }, []);
  const steps = [
    { step: report.lights, done: 'Lights off', open: 'Lights not confirmed off' },
    { step: report.motion, done: 'Motion halted', open: 'Motion not confirmed halted' },
    { step: report.run, done: 'Run aborted', open: 'Run aborted, still cleaning up' },
  ].filter(({ step }) => step.kind !== 'nothing');
  return (
    <section className="stop-notice card" role="alertdialog" aria-label={title}>
      <header>
        <OctagonX size={18} aria-hidden />
        <h2>{title}</h2>
        <span className="push small">
          {formatClock(report.time, 'milliseconds')} · by {report.by}
        </span>
      </header>
      <div className="stop-body">
        <ol className="stop-steps">
          {steps.map(({ step, done, open }, index) => (
            <li key={done} className={step.kind === 'done' ? '' : 'is-warn'}>
              <span className="stop-step-number">{index + 1}</span>
              {step.kind === 'done' ? done : open} <StepDetail step={step} />
            </li>
          ))}
        </ol>
        <div className="stop-devices scroll">
          <table className="table">
            <thead>
              <tr>
                <th>
                  <span className="visually-hidden">Result</span>
                </th>
                <th>Device</th>
                <th>Answer</th>
                <th className="is-number">Time</th>
              </tr>
            </thead>
            <tbody>
              {report.devices.map((device) => (
                <tr key={device.name}>
                  <td>
                    {device.result === 'safe' ? (
                      <CircleCheck size={14} className="is-live" aria-label="safe" />
                    ) : (
                      <TriangleAlert size={14} className="is-warn" aria-label="not confirmed" />
                    )}
                  </td>
                  <td>{device.name}</td>
                  <td className="stop-answer">
                    {device.result === 'failed'
                      ? `${device.answer.replace(/\.?$/, '.')} It may still be ${device.risk === 'light' ? 'lit' : 'moving'}.`
                      : device.answer}
                  </td>
                  <td className={`is-number ${device.result === 'safe' ? '' : 'is-warn'}`}>
                    <strong>{`${device.result === 'silent' ? '> ' : ''}${formatNumber(device.ms)} ms`}</strong>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {doubtful.length > 0 && <Notice tone="warn">Look at {doubtful.join(', ')} before going on.</Notice>}
        <p>
          <strong>Your data.</strong> <span className="muted">{report.data}</span>
        </p>
        <div className="row" ref={rearm}>
          <Button
            look="primary"
            disabled={holder !== null}
            title={holder === null ? undefined : `${holder} has control`}
            onClick={() => void commands.rearm()}
          >
            Re-arm
          </Button>
          <span className="small muted">Motion and lights are refused until then.</span>
          <Button look="ghost" className="push" onClick={() => view.setState({ stopNoticeClosed: true })}>
            Close
          </Button>
        </div>
      </div>
    </section>
  );
}

function StepDetail({ step }: { readonly step: StopStep }): JSX.Element | null {
  if (step.kind === 'done') return <span className="muted">{formatNumber(step.ms)} ms</span>;
  return step.kind === 'not-confirmed' ? <span>{step.who.join(', ')}</span> : null;
}
