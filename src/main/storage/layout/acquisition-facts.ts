/** How pictures were taken, as papers are asked for it; null: nobody knows. In the spelling of the store. */
export interface AcquisitionFacts {
  readonly objective: {
    readonly label: string | null;
    readonly magnification: number | null;
    readonly numerical_aperture: number | null;
    readonly immersion: string | null;
  } | null;
  readonly camera: {
    readonly model: string | null;
    readonly serial: string | null;
    readonly gain: number | null;
    readonly binning: number | null;
    readonly bit_depth: number | null;
    readonly exposure_ms: number | null;
  } | null;
  /** All that the session knows; which of them were acquired is in the image's `omero`. */
  readonly channels: readonly {
    readonly name: string;
    readonly exposure_ms: number;
    /** Of the lights that burn, null for white ones. */
    readonly excitation_wavelengths_nm: readonly (number | null)[];
    /** Middle of the emission filter; null: nobody said, or there is none. */
    readonly emission_wavelength_nm: number | null;
    readonly settings: Readonly<Record<string, string>>;
  }[];
  readonly operator: string | Readonly<Record<string, unknown>> | null;
  readonly sample: string | Readonly<Record<string, unknown>> | null;
}

const NOTHING_KNOWN: AcquisitionFacts = { objective: null, camera: null, channels: [], operator: null, sample: null };

/** What a paper must say of an image beside its pixels, and what of it is missing, by name. */
export function acquisitionMetadata(
  facts: AcquisitionFacts | null,
  channelNames: readonly string[],
): Record<string, unknown> {
  const { channels, ...rest } = facts ?? NOTHING_KNOWN;
  const used = channels.filter(({ name }) => channelNames.includes(name));
  const objective = rest.objective ?? { label: null, magnification: null, numerical_aperture: null, immersion: null };
  const camera = rest.camera ?? { model: null, serial: null, gain: null, exposure_ms: null };
  const missing = [
    ...Object.entries(objective).flatMap(([name, value]) => (value === null ? [`objective.${name}`] : [])),
    ...Object.entries(camera).flatMap(([name, value]) => (value === null ? [`camera.${name}`] : [])),
    ...(used.length === 0 || used.some((channel) => channel.excitation_wavelengths_nm.length === 0)
      ? ['channels.excitation_wavelengths_nm']
      : []),
    // White light is shown as it came; what a laser excites comes back in another colour.
    ...(used.some(lacksEmission) ? ['channels.emission_wavelength_nm'] : []),
    ...(rest.operator === null ? ['operator'] : []),
    ...(rest.sample === null ? ['sample'] : []),
  ];
  return { ...rest, channels: used, missing };
}

function lacksEmission(channel: AcquisitionFacts['channels'][number]): boolean {
  return (
    channel.emission_wavelength_nm === null &&
    channel.excitation_wavelengths_nm.some((wavelength) => wavelength !== null)
  );
}
