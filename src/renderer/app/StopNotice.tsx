import { CircleCheck, OctagonX, TriangleAlert } from 'lucide-react';
import { type JSX, useEffect, useRef } from 'react';
import type { StopReport } from '../../shared/channels/safety.ts';
import { Button, formatClock, formatNumber, Notice } from '../../ui/index.ts';
import { useCommands, useHost, useServices, useView } from '../stores/services.tsx';

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

/** Who has not answered by then may still be moving. */
const ANSWER_MS = 500;

function Stopped({ report }: { readonly report: StopReport }): JSX.Element {
  const { view } = useServices();
  const commands = useCommands();
  const rearm = useRef<HTMLDivElement>(null);
  const silent = report.devices.filter(({ answered }) => !answered);
  const title =
    silent.length === 0
      ? `Stopped. ${report.devices.length === 1 ? 'The device' : `All ${report.devices.length} devices`} answered`
      : `Stopped. ${silent.length} of ${report.devices.length} devices did not answer`;
  useEffect(() => {
    rearm.current?.querySelector('button')?.focus();
  }, []);
  const steps = [
    ['Motion halted', report.motionHaltedMs],
    ['Lights off', report.lightsOffMs],
    ['Run aborted', report.runAbortedMs],
  ] as const;
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
          {steps.map(([words, ms], index) =>
            ms === null ? null : (
              <li key={words}>
                <span className="stop-step-number">{index + 1}</span>
                {words} <span className="muted">{formatNumber(ms)} ms</span>
              </li>
            ),
          )}
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
                    {device.answered ? (
                      <CircleCheck size={14} className="is-live" aria-label="answered" />
                    ) : (
                      <TriangleAlert size={14} className="is-warn" aria-label="no answer" />
                    )}
                  </td>
                  <td>{device.name}</td>
                  <td className="stop-answer">
                    {device.answered ? device.answer : `${device.answer.replace(/\.?$/, '.')} It may still be moving.`}
                  </td>
                  <td className={`is-number ${device.answered ? '' : 'is-warn'}`}>
                    <strong>{device.ms < ANSWER_MS ? `${formatNumber(device.ms)} ms` : `> ${ANSWER_MS} ms`}</strong>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {silent.length > 0 && (
          <Notice tone="warn">Look at {silent.map(({ name }) => name).join(', ')} before going on.</Notice>
        )}
        <p>
          <strong>Your data.</strong> <span className="muted">{report.data}</span>
        </p>
        <div className="row" ref={rearm}>
          <Button look="primary" onClick={() => void commands.rearm()}>
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
