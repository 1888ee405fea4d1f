import { isObject } from './array-metadata.ts';
import { strings } from './ngff-metadata.ts';
import type { AcquisitionRecord } from './store-description.ts';

/** Of the attributes of an image's group; null where its writer keeps no such record. */
export function acquisitionRecordOf(attributes: Readonly<Record<string, unknown>>): AcquisitionRecord | null {
  const record = isObject(attributes.redsun) ? attributes.redsun.acquisition : null;
  if (!isObject(record)) return null;
  const objective = isObject(record.objective) ? record.objective : {};
  const camera = isObject(record.camera) ? record.camera : {};
  const channels = Array.isArray(record.channels) ? record.channels.filter(isObject) : [];
  const rows: (readonly [name: string, words: string | null])[] = [
    ['Operator', wordsOf(record.operator)],
    ['Sample', wordsOf(record.sample)],
    [
      'Objective',
      [wordsOf(objective.label), withUnit(objective.magnification, '×')].filter(Boolean).join(', ') || null,
    ],
    ['NA', wordsOf(objective.numerical_aperture)],
    ['Immersion', wordsOf(objective.immersion)],
    ['Camera', wordsOf(camera.model)],
    ['Serial', wordsOf(camera.serial)],
    ['Gain', wordsOf(camera.gain)],
    ...channels.map((channel) => [wordsOf(channel.name) ?? 'Channel', channelWords(channel)] as const),
  ];
  return {
    facts: rows.flatMap(([name, words]) => (words === null ? [] : [{ name, words }])),
    missing: strings(record.missing),
  };
}

function channelWords(channel: Readonly<Record<string, unknown>>): string | null {
  const excitation = Array.isArray(channel.excitation_wavelengths_nm) ? channel.excitation_wavelengths_nm : [];
  const lights = excitation.map((nm) => (typeof nm === 'number' ? `${nm} nm` : 'white'));
  const emission = withUnit(channel.emission_wavelength_nm, 'nm');
  const parts = [lights.length > 0 && `excitation ${lights.join(', ')}`, emission && `emission ${emission}`];
  return parts.filter(Boolean).join('; ') || null;
}

function withUnit(value: unknown, unit: string): string | null {
  return typeof value === 'number' ? `${value} ${unit}` : null;
}

function wordsOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value || null;
  return isObject(value)
    ? Object.entries(value)
        .map(([key, part]) => `${key}: ${String(part)}`)
        .join(', ')
    : null;
}
