import { Lightbulb, LightbulbOff } from 'lucide-react';
import { type JSX, useId, useMemo } from 'react';
import type { LightCard } from '../../../shared/channels/light.ts';
import { Button, formatMaybe, NumberField, Section, Slider, Toggle, tint } from '../../../ui/index.ts';
import { lightColour, lightTitles } from '../../stores/light-colour.ts';
import { latestOnly } from '../../stores/paced.ts';
import { useCommands, useHost, useLock } from '../../stores/services.tsx';

/** Lights and shutters. All off works at any time, a run included. */
export function LightsSection(): JSX.Element | null {
  const light = useHost((state) => state.light);
  const connected = useHost((state) => state.bridge.kind === 'open');
  const locked = useLock() !== null;
  const commands = useCommands();
  if (light === null || (light.lights.length === 0 && light.shutters.length === 0)) return null;
  const titles = lightTitles(light.lights);
  return (
    <Section
      title="Lights"
      aside={
        <>
          <span aria-hidden>Auto shutter</span>
          <Toggle
            label="Auto shutter"
            on={light.autoShutter}
            onChange={(on) => void commands.setAutoShutter(on)}
            disabled={locked}
          />
          <Button onClick={() => void commands.allOff()} disabled={!connected} title="Ctrl+Shift+L">
            All off
          </Button>
        </>
      }
    >
      {light.lights.map((card) => (
        <LightRow
          key={card.name}
          card={card}
          title={titles.get(card.name) ?? card.name}
          known={connected}
          locked={locked}
        />
      ))}
      {light.shutters.map((shutter) => (
        <div key={shutter.name} className="shutter-row">
          <Toggle
            label={`Shutter ${shutter.name}`}
            on={shutter.open}
            onChange={(open) => void commands.setShutter(shutter.name, open)}
            disabled={locked}
          />
          <span className="grow cut">{shutter.name}</span>
          <span className="muted">{shutter.open ? 'Open' : 'Closed'}</span>
        </div>
      ))}
    </Section>
  );
}

/** `known`: the host answers; a light that cannot be asked counts as on. */
function LightRow(props: {
  readonly known: boolean;
  readonly card: LightCard;
  readonly title: string;
  readonly locked: boolean;
}): JSX.Element {
  const { card, title, locked, known } = props;
  const commands = useCommands();
  const nameId = useId();
  // A dragged slider asks for the newest value only: a slow laser must not lag behind the hand.
  const setIntensity = useMemo(
    () => latestOnly((intensityPercent: number) => commands.setLight(card.name, { intensityPercent })),
    [commands, card.name],
  );
  const colour = lightColour(card.wavelengthNm);
  return (
    <div className={`light-row ${known ? (card.on ? 'is-lit' : '') : 'is-lost'}`} style={tint(colour)}>
      <span className="light-chip">
        {card.on || !known ? <Lightbulb size={13} aria-hidden /> : <LightbulbOff size={13} aria-hidden />}
        {known ? (card.on ? 'ON' : 'Off') : 'Lost'}
      </span>
      <span className="cut">
        <strong>{title}</strong>{' '}
        <span id={nameId} className="muted">
          {card.name}
        </span>
      </span>
      <output className="light-power small muted" aria-label={`${title} power`} aria-live="off">
        {formatMaybe(known ? card.powerMw : null, 1)} mW
      </output>
      <Toggle
        label={title}
        describedBy={nameId}
        on={card.on}
        colour={colour}
        disabled={locked}
        onChange={(on) => void commands.setLight(card.name, { on })}
      />
      <Slider
        label={`${title} intensity slider`}
        value={card.intensityPercent}
        low={0}
        high={100}
        step={0.5}
        colour={card.on ? colour : 'var(--control)'}
        disabled={locked}
        onInput={setIntensity}
        valueText={`${card.intensityPercent} %`}
      />
      <NumberField
        label={`${title} intensity`}
        unit="%"
        decimals={1}
        low={0}
        high={100}
        value={card.intensityPercent}
        onCommit={setIntensity}
        locked={locked}
        inTable
      />
    </div>
  );
}
