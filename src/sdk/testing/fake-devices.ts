import { Device } from '../device/device.ts';
import type { Configurable, HasHints, Location, Readable, Stageable, Triggerable } from '../device/protocols.ts';
import type {
  Axis,
  Camera,
  CameraLimits,
  CameraSensor,
  CameraSettings,
  Frame,
  NumberRange,
  XYStage,
} from '../device/roles.ts';
import { finishedStatus, Status } from '../device/status.ts';
import type { DataKey, ObjectHints, Reading, StreamAsset } from '../events/documents.ts';
import { Signal } from '../virtual/signal.ts';

/** What was asked of fake devices, in order: `m1.set(2)`. Share one to see the order over several devices. */
export type CallLog = string[];

const NOW_S = 1_800_000_000;

function reading<Value>(value: Value): Reading<Value> {
  return { value, timestamp: NOW_S };
}

function numberKey(key: string): DataKey {
  return { source: `SIM:${key}`, dtype: 'number', shape: [] };
}

/** A detector that counts its triggers. Everything is done at once. */
export class FakeDetector extends Device implements Triggerable, Readable, Stageable, Configurable, HasHints {
  /** What was asked of it. */
  readonly calls: CallLog;
  readonly hints: ObjectHints;
  /** s */
  exposure = 0.1;
  /** Triggers so far, counts. */
  value = 0;

  constructor(name: string, calls: CallLog = []) {
    super(name);
    this.calls = calls;
    this.hints = { fields: [name] };
  }

  trigger(): Status {
    this.calls.push(`${this.name}.trigger()`);
    this.value++;
    return finishedStatus(`${this.name}.trigger`);
  }
  read(): Record<string, Reading> | Promise<Record<string, Reading>> {
    return { [this.name]: reading(this.value) };
  }
  describe(): Record<string, DataKey> {
    return { [this.name]: { ...numberKey(this.name), units: 'counts', precision: 3 } };
  }
  stage(): readonly unknown[] | Promise<readonly unknown[]> {
    this.calls.push(`${this.name}.stage()`);
    return [this];
  }
  unstage(): readonly unknown[] | Promise<readonly unknown[]> {
    this.calls.push(`${this.name}.unstage()`);
    return [this];
  }
  configure(settings: Readonly<Record<string, unknown>>): [Record<string, Reading>, Record<string, Reading>] {
    const before = this.readConfiguration();
    this.calls.push(`${this.name}.configure()`);
    this.exposure = Number(settings.exposure);
    return [before, this.readConfiguration()];
  }
  override readConfiguration(): Record<string, Reading> {
    return { [`${this.name}-exposure`]: reading(this.exposure) };
  }
  override describeConfiguration(): Record<string, DataKey> {
    return { [`${this.name}-exposure`]: numberKey(`${this.name}-exposure`) };
  }
}

/** An axis that arrives at once, or when it is told to (`held`). */
export class FakeAxis extends Device implements Axis, Stageable, HasHints {
  readonly role = 'axis';
  readonly changed = new Signal<[]>();
  readonly units = 'um';
  readonly limits: NumberRange = { low: -1000, high: 1000 };
  readonly tolerance = 0.1;
  /** What was asked of it. */
  readonly calls: CallLog;
  readonly hints: ObjectHints;
  readonly #held: boolean;
  position = 0;
  target = 0;
  #move: Status | null = null;

  constructor(name: string, calls: CallLog = [], options: { readonly held?: boolean } = {}) {
    super(name);
    this.calls = calls;
    this.hints = { fields: [name] };
    this.#held = options.held ?? false;
  }

  get moving(): boolean {
    return this.#move !== null && !this.#move.done;
  }
  set(value: number): Status {
    this.calls.push(`${this.name}.set(${value})`);
    this.target = value;
    this.#move = new Status({ label: `${this.name}.set` });
    const move = this.#move;
    if (!this.#held) this.arrive();
    return move;
  }
  /** Ends the move at its target. */
  arrive(): void {
    this.position = this.target;
    this.#move?.setFinished();
  }
  /** Ends the move with an error. */
  fail(error: Error): void {
    this.#move?.setException(error);
  }
  stop(): void {
    this.calls.push(`${this.name}.stop()`);
    if (this.moving) this.#move?.setFinished();
  }
  checkValue(): void {}
  locate(): Location<number> | Promise<Location<number>> {
    return { setpoint: this.target, readback: this.position };
  }
  read(): Record<string, Reading> {
    return { [this.name]: reading(this.position), [`${this.name}_setpoint`]: reading(this.target) };
  }
  describe(): Record<string, DataKey> {
    const keys = [this.name, `${this.name}_setpoint`];
    return Object.fromEntries(keys.map((key) => [key, { ...numberKey(key), units: 'um', precision: 3 }]));
  }
  stage(): readonly unknown[] {
    this.calls.push(`${this.name}.stage()`);
    return [this];
  }
  unstage(): readonly unknown[] {
    this.calls.push(`${this.name}.unstage()`);
    return [this];
  }
  override readConfiguration(): Record<string, Reading> {
    return { [`${this.name}_velocity`]: reading(1) };
  }
  override describeConfiguration(): Record<string, DataKey> {
    return { [`${this.name}_velocity`]: numberKey(`${this.name}_velocity`) };
  }
}

/** Two fake axes, `<name>-x` and `<name>-y`. */
export class FakeXYStage extends Device implements XYStage {
  readonly role = 'xy-stage';
  readonly changed = new Signal<[]>();
  readonly x: FakeAxis;
  readonly y: FakeAxis;

  constructor(name: string, calls: CallLog = []) {
    super(name);
    this.x = new FakeAxis(`${name}-x`, calls);
    this.y = new FakeAxis(`${name}-y`, calls);
  }

  set([xUm, yUm]: readonly [number, number]): Status {
    this.x.set(xUm);
    return this.y.set(yUm);
  }
  stop(): void {
    this.x.stop();
    this.y.stop();
  }
  locate(): Location<readonly [number, number]> {
    return { setpoint: [this.x.target, this.y.target], readback: [this.x.position, this.y.position] };
  }
  read(): Record<string, Reading> {
    return { ...this.x.read(), ...this.y.read() };
  }
  describe(): Record<string, DataKey> {
    return { ...this.x.describe(), ...this.y.describe() };
  }
  override readConfiguration(): Record<string, Reading> {
    return {};
  }
  override describeConfiguration(): Record<string, DataKey> {
    return {};
  }
}

/** A camera that announces one stored frame per trigger, without any pixels. */
export class FakeCamera extends Device implements Camera {
  readonly role = 'camera';
  readonly changed = new Signal<[]>();
  readonly sensor: CameraSensor = { widthPx: 5, heightPx: 4, pixelSizeUm: 6.5, model: 'fake', serial: '1' };
  readonly limits: CameraLimits = {
    exposureMs: { low: 1, high: 1000 },
    gain: { low: 1, high: 8 },
    binnings: [1],
    bitDepths: [16],
  };
  readonly frameShape = [4, 5] as const;
  readonly dtype = 'uint16';
  /** What was asked of it. */
  readonly calls: CallLog;
  settings: CameraSettings = {
    exposureMs: 10,
    gain: 1,
    binning: 1,
    bitDepth: 16,
    region: { x: 0, y: 0, width: 5, height: 4 },
  };
  #frames = 0;
  #announced = 0;

  constructor(name: string, calls: CallLog = []) {
    super(name);
    this.calls = calls;
  }

  prepare(): Status {
    this.calls.push(`${this.name}.prepare()`);
    return finishedStatus();
  }
  trigger(): Status {
    this.calls.push(`${this.name}.trigger()`);
    this.#frames++;
    return finishedStatus(`${this.name}.trigger`);
  }
  stage(): readonly unknown[] {
    this.calls.push(`${this.name}.stage()`);
    this.#frames = 0;
    this.#announced = 0;
    return [this];
  }
  unstage(): readonly unknown[] {
    this.calls.push(`${this.name}.unstage()`);
    return [this];
  }
  stop(): void {}
  async applySettings(settings: Partial<CameraSettings>): Promise<void> {
    this.settings = { ...this.settings, ...settings };
  }
  async configure(
    settings: Readonly<Record<string, unknown>>,
  ): Promise<[Record<string, Reading>, Record<string, Reading>]> {
    const before = this.readConfiguration();
    await this.applySettings({ exposureMs: Number(settings.exposure_ms) });
    this.calls.push(`${this.name}.configure(${settings.exposure_ms} ms)`);
    return [before, this.readConfiguration()];
  }
  getIndex(): number {
    return this.#frames;
  }
  *collectAssetDocs(index = this.#frames): Generator<StreamAsset> {
    const uid = `${this.name}-resource`;
    if (this.#announced === 0 && index > 0) {
      const doc = { uid, data_key: this.name, mimetype: 'application/x-fake', uri: 'file:///fake', parameters: {} };
      yield { name: 'stream_resource', doc };
    }
    if (index <= this.#announced) return;
    const indices = { start: this.#announced, stop: index };
    const doc = { uid: `${uid}/${indices.start}`, stream_resource: uid, descriptor: '', indices, seq_nums: indices };
    this.#announced = index;
    yield { name: 'stream_datum', doc };
  }
  read(): Record<string, Reading> {
    return {};
  }
  describe(): Record<string, DataKey> {
    return { [this.name]: { source: 'SIM', dtype: 'array', shape: [1, 4, 5], external: 'STREAM:' } };
  }
  onFrame(_listener: (frame: Frame) => void): Disposable {
    return { [Symbol.dispose]() {} };
  }
  async snap(): Promise<void> {}
  async live(): Promise<void> {}
  override readConfiguration(): Record<string, Reading> {
    return { [`${this.name}-exposure_ms`]: reading(this.settings.exposureMs) };
  }
  override describeConfiguration(): Record<string, DataKey> {
    return { [`${this.name}-exposure_ms`]: { ...numberKey(`${this.name}-exposure_ms`), units: 'ms' } };
  }
}
