import type { JSX } from 'react';
import { Labelled, Pill, Section, Select } from '../../../ui/index.ts';
import { useCommands, useHost, useLock } from '../../stores/services.tsx';

/** Channel preset, objective and filter wheels. */
export function ConfigSection(): JSX.Element | null {
  const channels = useHost((state) => state.session?.channels ?? NONE);
  const light = useHost((state) => state.light);
  const locked = useLock() !== null;
  const commands = useCommands();
  const selectors = light?.selectors ?? [];
  if (channels.length === 0 && selectors.length === 0) return null;
  const colour = channels.find(({ name }) => name === light?.channel)?.colour;
  return (
    <Section
      title="Configuration"
      aside={light?.channel === null && channels.length > 0 && <Pill tone="warn">custom</Pill>}
    >
      {channels.length > 0 && (
        <Labelled label="Channel">
          <Select
            label="Channel"
            options={channels.map(({ name }) => ({ value: name, label: name }))}
            value={light?.channel ?? null}
            placeholder="custom"
            colour={colour}
            onSelect={(channel) => void commands.selectChannel(channel)}
            locked={locked}
          />
        </Labelled>
      )}
      {[...selectors]
        .sort((one, other) => Number(other.role === 'objective') - Number(one.role === 'objective'))
        .map((selector) => (
          <Labelled key={selector.name} label={selector.role === 'objective' ? 'Objective' : titleOf(selector.name)}>
            <Select
              label={selector.role === 'objective' ? 'Objective' : titleOf(selector.name)}
              options={selector.labels.map((label) => ({ value: label, label }))}
              value={selector.labels.includes(selector.selected) ? selector.selected : null}
              placeholder={selector.moving ? 'moving' : '?'}
              onSelect={(label) => void commands.select(selector.name, label)}
              locked={locked}
            />
          </Labelled>
        ))}
    </Section>
  );
}

const NONE: readonly never[] = [];

/** `filter-wheel` reads as `Filter wheel`. */
function titleOf(name: string): string {
  const words = name.replace(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
