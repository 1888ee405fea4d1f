import type { CameraLimits, CameraSensor, DeviceContext, Link } from 'redsun/sdk/device';
import { type Acquire, type ReadFrame, StandardCamera } from 'redsun/sdk/device/kit';
import { RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';

const options = z.strictObject({
  host: z.string().min(1).meta({ description: 'Name or address of the camera' }),
  port: z.int().min(1).max(65_535).default(4001).meta({ description: 'TCP port' }),
});
const SENSOR: CameraSensor = { widthPx: 640, heightPx: 480, pixelSizeUm: 3.45, model: 'Bench 640', serial: '' };
/** What it cannot do is said here, too: it bins nothing, and gives the whole sensor only. */
const LIMITS: CameraLimits = {
  exposureMs: { low: 0.1, high: 10_000 },
  gain: { low: 1, high: 1 },
  binnings: [1],
  bitDepths: [12],
  regions: 'none',
};
const FRAME_BYTES = SENSOR.widthPx * SENSOR.heightPx * 2;
const ANSWER_MS = 1000;

/** A camera that answers `OK` to `E <ms>`, and a picture of 640 x 480 x 16 bits, little-endian, to `SNAP`. */
export class BenchCamera extends StandardCamera {
  static readonly options = options;
  readonly #address: z.infer<typeof options>;
  #link: Link | null = null;

  constructor(name: string, address: z.infer<typeof options>, context: DeviceContext) {
    super(name, { sensor: SENSOR, limits: LIMITS, frames: (asked, signal) => this.#frames(asked, signal) }, context);
    this.#address = address;
  }

  async connect(): Promise<void> {
    this.#link = await this.context.openLink({ kind: 'tcp', ...this.#address, lineEnd: '\n' });
  }

  protected override get source(): string {
    return `bench-camera:${this.#address.host}`;
  }

  async *#frames({ frames, settings }: Acquire, signal: AbortSignal): AsyncGenerator<ReadFrame> {
    if (!this.#link) throw new RedsunError('camera/not-connected', `${this.name}: not connected`);
    for (let taken = 0; taken < frames; taken++) {
      const { exposureMs } = settings();
      const answer = await this.#link.query(`E ${exposureMs}`, { timeoutMs: ANSWER_MS, signal });
      if (answer !== 'OK') throw new RedsunError('device/refused', `${this.name}: ${exposureMs} ms gave "${answer}"`);
      const reply = { kind: 'bytes', count: FRAME_BYTES } as const;
      const timeoutMs = exposureMs + ANSWER_MS;
      const bytes = await this.#link.exchange(new TextEncoder().encode('SNAP\n'), { reply, timeoutMs, signal });
      yield { data: new Uint16Array(bytes.slice().buffer), time: this.context.clock.now() };
    }
  }
}
