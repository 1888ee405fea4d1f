import type { JSX } from 'react';
import { formatClock, formatNumber, formatShort, Section } from '../../../ui/index.ts';
import type { ReviewState } from '../../stores/review-store.ts';

/** The journal's line of the frame that is shown: asked beside read back. */
export function FrameFacts({ state }: { readonly state: ReviewState }): JSX.Element {
  const { opened } = state;
  const image = opened?.description.images[state.image];
  const channel = state.channels[state.active];
  const frame = channel?.frame ?? null;
  const axes = image?.axes ?? [];
  const place = axes
    .slice(0, -2)
    .filter(({ size }) => size > 1)
    .map(({ name, type }) => `${name} ${(type === 'channel' ? state.active : (state.indices[name] ?? 0)) + 1}`);
  const keys = frame ? [...new Set([...Object.keys(frame.asked), ...Object.keys(frame.read)])] : [];
  const changes = frame ? Object.entries(frame.changed) : [];
  return (
    <>
      <Section
        title={frame ? `Frame ${formatNumber(frame.frame)}` : 'Frame'}
        aside={<span>{[...place, channel?.name].filter(Boolean).join(' ')}</span>}
      >
        {keys.length > 0 && frame && (
          <table className="table">
            <thead>
              <tr>
                <th>
                  <span className="visually-hidden">Setting</span>
                </th>
                <th className="is-number">Asked</th>
                <th className="is-number">Read back</th>
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key}>
                  <td className="muted cut">{key}</td>
                  <td className="is-number">{key in frame.asked ? withUnit(frame.asked[key], 'µm') : '–'}</td>
                  <td className="is-number">{withUnit(frame.read[key], 'µm')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <dl className="facts">
          {frame?.time != null && <Fact name="Time" words={formatClock(frame.time, 'milliseconds')} />}
          {frame?.crc32c != null && <Fact name="CRC-32C" words={frame.crc32c} mono />}
          {image && (
            <Fact
              name="Size"
              words={`${axes.map(({ size }) => size).join(' × ')}  ${axes.map(({ name }) => name).join('')}`}
            />
          )}
          {image && <Fact name="Type" words={image.dtype} />}
          {image?.levels[0] && <Fact name="Codecs" words={image.levels[0].codecs.join(', ') || 'none'} />}
          <Fact
            name="Format"
            words={`Zarr ${opened?.description.zarrFormat ?? '?'}${opened?.description.omeVersion ? `, OME-NGFF ${opened.description.omeVersion}` : ''}`}
          />
          <Fact name="Path" words={opened?.path ?? ''} />
        </dl>
      </Section>
      {image?.acquisition && (
        <Section title="How it was taken">
          <dl className="facts">
            {image.acquisition.facts.map(({ name, words }) => (
              <Fact key={name} name={name} words={words} />
            ))}
            {image.acquisition.missing.length > 0 && (
              <Fact name="Not recorded" words={image.acquisition.missing.map(missingWords).join(', ')} />
            )}
          </dl>
        </Section>
      )}
      {changes.length > 0 && (
        <Section title="Changed since the frame before">
          <dl className="facts">
            {changes.map(([key, value]) => (
              <Fact key={key} {...settingWords(key, value)} />
            ))}
          </dl>
        </Section>
      )}
    </>
  );
}

function Fact({
  name,
  words,
  mono,
}: {
  readonly name: string;
  readonly words: string;
  readonly mono?: boolean;
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={mono ? 'mono' : ''}>{words}</dd>
    </div>
  );
}

/** `objective.numerical_aperture`: objective numerical aperture. */
function missingWords(name: string): string {
  return name
    .replace(/_nm$/, '')
    .replace(/^channels\./, '')
    .replaceAll(/[._]/g, ' ');
}

/** Journals name a setting `<device>-<what>_<unit>`. */
const UNITS: Readonly<Record<string, string>> = { _ms: 'ms', _percent: '%', _um: 'µm' };

function settingWords(key: string, value: unknown): { name: string; words: string } {
  const suffix = Object.keys(UNITS).find((end) => key.endsWith(end));
  if (suffix === undefined) return { name: key, words: wordsOf(value) };
  const name = key.slice(0, -suffix.length).replace('-', ' ');
  return { name, words: withUnit(value, UNITS[suffix] ?? '') };
}

function withUnit(value: unknown, unit: string): string {
  return typeof value === 'number' ? `${wordsOf(value)} ${unit}` : wordsOf(value);
}

function wordsOf(value: unknown): string {
  if (value === undefined || value === null) return '?';
  if (typeof value === 'number') return Number.isInteger(value) ? formatNumber(value) : formatShort(value, 3);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
