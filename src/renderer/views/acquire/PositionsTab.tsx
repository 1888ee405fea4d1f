import { MapPin, Trash2 } from 'lucide-react';
import type { JSX } from 'react';
import { Button, EmptyState, formatMaybe, IconButton, NumberField, TextField } from '../../../ui/index.ts';
import type { StoredPosition } from '../../stores/acquire-form-store.ts';
import { useCommands, useServices } from '../../stores/services.tsx';
import type { AxisTabProps } from './ChannelsTab.tsx';

export function PositionsTab({ form, set, locked }: AxisTabProps): JSX.Element {
  const { host } = useServices();
  const commands = useCommands();
  const { positions } = form;
  const storeCurrent = () => {
    const read = (kind: 'x' | 'y' | 'z') => host.getState().axes.find((axis) => axis.kind === kind)?.position ?? null;
    const taken = new Set(positions.map(({ name }) => name));
    let number = positions.length + 1;
    while (taken.has(`P${number}`)) number += 1;
    const here = { name: `P${number}`, x: read('x'), y: read('y'), z: read('z') };
    set({ positions: [...positions, here], use: { ...form.use, positions: true } });
  };
  const goTo = (position: StoredPosition) => {
    for (const kind of ['x', 'y', 'z'] as const) {
      const axis = host.getState().axes.find((known) => known.kind === kind);
      const target = position[kind];
      if (axis && target !== null) void commands.move(axis.name, target);
    }
  };
  const change = (index: number, patch: Partial<StoredPosition>) =>
    set({ positions: positions.map((position, at) => (at === index ? { ...position, ...patch } : position)) });

  const add = (
    <Button icon={<MapPin size={14} aria-hidden />} onClick={storeCurrent} disabled={locked}>
      Store current
    </Button>
  );
  if (positions.length === 0) {
    return (
      <EmptyState icon={<MapPin size={28} strokeWidth={1.5} aria-hidden />} title="No positions yet" actions={add}>
        Move the stage, then store where it is.
      </EmptyState>
    );
  }
  return (
    <>
      <table className="table positions-table">
        <thead>
          <tr>
            <th>Name</th>
            <th className="is-number">X</th>
            <th className="is-number">Y</th>
            <th className="is-number">Z</th>
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {positions.map((position, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat while they are edited, places in the list cannot
            <tr key={index}>
              <td>
                <TextField
                  label={`Name of position ${index + 1}`}
                  inTable
                  value={position.name}
                  onCommit={(name) => change(index, { name })}
                  locked={locked}
                />
              </td>
              {(['x', 'y', 'z'] as const).map((kind) => (
                <td key={kind}>
                  {position[kind] === null ? (
                    <span className="faint">{formatMaybe(null)}</span>
                  ) : (
                    <NumberField
                      label={`${kind.toUpperCase()} of ${position.name}`}
                      inTable
                      decimals={1}
                      fixed
                      value={position[kind]}
                      onCommit={(value) => change(index, { [kind]: value })}
                      locked={locked}
                    />
                  )}
                </td>
              ))}
              <td>
                <span className="row-actions">
                  <IconButton label={`Go to ${position.name}`} onClick={() => goTo(position)} disabled={locked}>
                    <MapPin size={14} aria-hidden />
                  </IconButton>
                  <IconButton
                    label={`Remove ${position.name}`}
                    onClick={() => set({ positions: positions.filter((_, at) => at !== index) })}
                    disabled={locked}
                  >
                    <Trash2 size={14} aria-hidden />
                  </IconButton>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row axis-words">
        {add}
        <span className="small faint push">µm</span>
      </div>
    </>
  );
}
