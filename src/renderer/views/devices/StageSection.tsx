import {
  ArrowDown,
  ArrowDownLeft,
  ArrowDownRight,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  ArrowUpLeft,
  ArrowUpRight,
  ChevronDown,
  ChevronUp,
  TriangleAlert,
} from 'lucide-react';
import type { JSX } from 'react';
import type { AxisState } from '../../../shared/channels/positioner.ts';
import { Button, formatMaybe, formatNumber, NumberField, Section, Select } from '../../../ui/index.ts';
import { useCommands, useHost, useLock, useServices, useView } from '../../stores/services.tsx';
import { useStageMoves, xyStepUm } from '../../stores/use-stage-moves.ts';

const STEPS = [
  { value: '1px', label: '1 px' },
  { value: '0.1field', label: '0.1 field' },
  { value: '1field', label: '1 field' },
  { value: 'free', label: 'Free' },
] as const;

const ARROWS = [
  { x: -1, y: -1, label: 'Move left and up', Icon: ArrowUpLeft },
  { x: 0, y: -1, label: 'Move up', Icon: ArrowUp },
  { x: 1, y: -1, label: 'Move right and up', Icon: ArrowUpRight },
  { x: -1, y: 0, label: 'Move left', Icon: ArrowLeft },
  null,
  { x: 1, y: 0, label: 'Move right', Icon: ArrowRight },
  { x: -1, y: 1, label: 'Move left and down', Icon: ArrowDownLeft },
  { x: 0, y: 1, label: 'Move down', Icon: ArrowDown },
  { x: 1, y: 1, label: 'Move right and down', Icon: ArrowDownRight },
] as const;

/** Jog pad, and a table of targets beside what was read back. */
export function StageSection(): JSX.Element | null {
  const axes = useHost((state) => state.axes);
  if (axes.length === 0) return null;
  return (
    <Section title="Stage">
      <JogPad axes={axes} />
      <table className="table stage-table">
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">Axis</span>
            </th>
            <th className="is-number">Target</th>
            <th className="is-number">Read back</th>
          </tr>
        </thead>
        <tbody>
          {axes.map((axis) => (
            <AxisRow key={axis.name} axis={axis} />
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function JogPad({ axes }: { readonly axes: readonly AxisState[] }): JSX.Element {
  const { view } = useServices();
  const locked = useLock() !== null;
  const moves = useStageMoves();
  const xyStep = useView((state) => state.xyStep);
  const freeUm = useView((state) => state.xyStepUm);
  const zStepUm = useView((state) => state.zStepUm);
  const camera = useHost((state) => state.cameras[0]);
  const has = (kind: AxisState['kind']) => axes.some((axis) => axis.kind === kind);
  const step = xyStepUm(xyStep, freeUm, camera);
  const calibrated = camera?.umPerPx != null;
  return (
    <div className="jog">
      {(has('x') || has('y')) && (
        <div className="jog-pad">
          {ARROWS.map((arrow) =>
            arrow === null ? (
              <span key="middle" className="jog-middle small faint" aria-hidden>
                XY
              </span>
            ) : (
              <Button
                key={arrow.label}
                aria-label={arrow.label}
                title={`${arrow.label} by ${formatNumber(step.x, 1)} µm`}
                disabled={locked || (arrow.x !== 0 && !has('x')) || (arrow.y !== 0 && !has('y'))}
                onClick={() => moves.moveXY(arrow.x, arrow.y)}
              >
                <arrow.Icon size={14} aria-hidden />
              </Button>
            ),
          )}
        </div>
      )}
      {has('z') && (
        <div className="jog-z">
          <Button aria-label="Focus up" disabled={locked} onClick={() => moves.moveZ(1)} title="Focus up (PgUp)">
            <ChevronUp size={14} aria-hidden />
          </Button>
          <span className="jog-middle small faint" aria-hidden>
            Z
          </span>
          <Button aria-label="Focus down" disabled={locked} onClick={() => moves.moveZ(-1)} title="Focus down (PgDn)">
            <ChevronDown size={14} aria-hidden />
          </Button>
        </div>
      )}
      <div className="jog-steps">
        {(has('x') || has('y')) && (
          <>
            <span className="hint">XY step</span>
            <Select
              label="XY step"
              options={calibrated ? STEPS : STEPS.filter(({ value }) => value === 'free')}
              value={calibrated ? xyStep : 'free'}
              onSelect={(value) => {
                const chosen = STEPS.find((choice) => choice.value === value);
                if (chosen) view.setState({ xyStep: chosen.value });
              }}
            />
          </>
        )}
        {(xyStep === 'free' || !calibrated) && (
          <NumberField
            label="Free XY step"
            unit="µm"
            value={freeUm}
            low={0.001}
            onCommit={(value) => view.setState({ xyStepUm: value })}
          />
        )}
        {has('z') && (
          <>
            <span className="hint">Z step</span>
            <NumberField
              label="Focus step"
              unit="µm"
              fixed
              value={zStepUm}
              low={0.001}
              step={0.1}
              onCommit={(value) => view.setState({ zStepUm: value })}
            />
          </>
        )}
      </div>
    </div>
  );
}

function AxisRow({ axis }: { readonly axis: AxisState }): JSX.Element {
  const commands = useCommands();
  const locked = useLock() !== null;
  const unit = axis.units === 'um' ? 'µm' : '°';
  const differs =
    !axis.moving &&
    axis.target !== null &&
    axis.position !== null &&
    Math.abs(axis.target - axis.position) > axis.tolerance;
  return (
    <tr>
      <td className="muted" title={axis.name}>
        {axis.label}
      </td>
      <td>
        <NumberField
          label={`${axis.label} target`}
          inTable
          unit={unit}
          fixed
          value={axis.target}
          stepFrom={axis.position}
          low={axis.limits.low}
          high={axis.limits.high}
          warning={differs ? `Reads ${formatMaybe(axis.position, 2)} ${unit}` : undefined}
          onCommit={(target) => void commands.move(axis.name, target)}
          locked={locked}
        />
      </td>
      <td className={`is-number ${differs ? 'is-warn' : ''}`}>
        <span className="read-back">
          <output
            aria-label={`${axis.label} read back`}
            aria-live="off"
            data-value={axis.position ?? undefined}
            data-moving={axis.moving}
          >
            {formatMaybe(axis.position, 2)}
          </output>
          <span className="read-back-mark">
            {differs && <TriangleAlert size={12} aria-label="Differs from the target" />}
            {axis.moving && <span className="moving-dot" title="Moving" />}
          </span>
        </span>
      </td>
    </tr>
  );
}
