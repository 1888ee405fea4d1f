import { Maximize } from 'lucide-react';
import type { JSX } from 'react';
import type { CameraState } from '../../../shared/channels/camera.ts';
import { formatNumber, IconButton, Labelled, NumberField, Section, Segmented, Select } from '../../../ui/index.ts';
import type { CameraSettingsPatch } from '../../stores/commands.ts';
import { useLock, useServices } from '../../stores/services.tsx';

/** Settings of one camera; what it cannot do has no field. */
export function CameraSection({ camera }: { readonly camera: CameraState }): JSX.Element {
  const { commands } = useServices();
  const locked = useLock() !== null;
  const { settings, limits, sensor } = camera;
  const apply = (patch: CameraSettingsPatch) => void commands.applyCamera(patch, camera.name);
  const full = { x: 0, y: 0, width: sensor.widthPx, height: sensor.heightPx };
  const regions = regionChoices(camera);
  const current = regions.find(({ region }) => sameRegion(region, settings.region));
  return (
    <Section
      title={camera.name}
      aside={
        <>
          <span className="cut">{camera.model}</span>
          {camera.fps !== null && <span>{formatNumber(camera.fps, 1)} fps</span>}
        </>
      }
    >
      <Labelled label="Exposure">
        <NumberField
          label="Exposure"
          unit="ms"
          value={settings.exposureMs}
          {...limits.exposureMs}
          onCommit={(exposureMs) => apply({ exposureMs })}
          locked={locked}
        />
      </Labelled>
      {limits.gain.low < limits.gain.high && (
        <Labelled label="Gain">
          <NumberField
            label="Gain"
            value={settings.gain}
            {...limits.gain}
            step={0.1}
            onCommit={(gain) => apply({ gain })}
            locked={locked}
          />
        </Labelled>
      )}
      {limits.binnings.length > 1 && (
        <Labelled label="Binning">
          <span className="row">
            <Segmented
              label="Binning"
              options={limits.binnings.map((binning) => ({ value: String(binning), label: `${binning}×` }))}
              value={String(settings.binning)}
              onSelect={(binning) => apply({ binning: Number(binning) })}
              disabled={locked}
            />
          </span>
        </Labelled>
      )}
      <Labelled label="Bit depth">
        <Select
          label="Bit depth"
          options={limits.bitDepths.map((bits) => ({ value: String(bits), label: `${bits} bit` }))}
          value={String(settings.bitDepth)}
          onSelect={(bits) => apply({ bitDepth: Number(bits) })}
          locked={locked}
        />
      </Labelled>
      {limits.regions === 'none' ? (
        <Labelled label="Region">{regionLabel(settings.region)}, always</Labelled>
      ) : (
        <>
          <Labelled label="Region">
            <span className="row">
              <span className="grow">
                <Select
                  label="Region"
                  options={regions.map(({ name }) => ({ value: name, label: name }))}
                  value={current?.name ?? null}
                  placeholder={regionLabel(settings.region)}
                  onSelect={(name) => {
                    const chosen = regions.find((region) => region.name === name);
                    if (chosen) apply({ region: chosen.region });
                  }}
                  locked={locked}
                />
              </span>
              <IconButton
                label="Full region"
                disabled={locked || sameRegion(full, settings.region)}
                onClick={() => apply({ region: full })}
              >
                <Maximize size={14} aria-hidden />
              </IconButton>
            </span>
          </Labelled>
          <div className="region-fields">
            {(['x', 'y', 'width', 'height'] as const).map((key) => (
              <NumberField
                key={key}
                label={`Region ${key}`}
                inTable
                decimals={0}
                low={key === 'x' || key === 'y' ? 0 : 1}
                high={key === 'x' || key === 'width' ? sensor.widthPx : sensor.heightPx}
                value={settings.region[key]}
                unit={{ x: 'x', y: 'y', width: 'w', height: 'h' }[key]}
                onCommit={(value) => apply({ region: { ...settings.region, [key]: Math.round(value) } })}
                locked={locked}
              />
            ))}
          </div>
        </>
      )}
    </Section>
  );
}

type Region = CameraState['settings']['region'];

/** Full sensor and its middle half and quarter. */
function regionChoices({ sensor }: CameraState): readonly { readonly name: string; readonly region: Region }[] {
  return [1, 2, 4].map((part) => {
    const width = Math.floor(sensor.widthPx / part);
    const height = Math.floor(sensor.heightPx / part);
    const region = {
      x: Math.floor((sensor.widthPx - width) / 2),
      y: Math.floor((sensor.heightPx - height) / 2),
      width,
      height,
    };
    return { name: `${part === 1 ? 'Full' : 'Middle'} ${width} × ${height}`, region };
  });
}

function regionLabel({ width, height }: Region): string {
  return `Own ${width} × ${height}`;
}

function sameRegion(one: Region, other: Region): boolean {
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;
}
