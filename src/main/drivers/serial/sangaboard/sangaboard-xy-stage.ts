import { Device, type DeviceContext, Status, type XYStage } from 'redsun/sdk/device';
import type { DataKey, Reading } from 'redsun/sdk/events';
import { asError, ValueError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { z } from 'zod';
import { motorOptions, SangaboardAxis } from './sangaboard-axis.ts';

/** Limits and steps hold for both axes. */
export const sangaboardXYOptions = z.strictObject(motorOptions);
export type SangaboardXYOptions = z.infer<typeof sangaboardXYOptions>;

/** The motors x and y of a Sangaboard. They move one after the other. */
export class SangaboardXYStage extends Device implements XYStage {
  static readonly options = sangaboardXYOptions;
  readonly role = 'xy-stage';
  readonly changed = new Signal<[]>();
  readonly x: SangaboardAxis;
  readonly y: SangaboardAxis;

  constructor(name: string, options: SangaboardXYOptions, context: DeviceContext) {
    super(name);
    this.x = new SangaboardAxis(`${name}-x`, { axis: 'x', ...options }, context, this);
    this.y = new SangaboardAxis(`${name}-y`, { axis: 'y', ...options }, context, this);
    for (const axis of [this.x, this.y]) axis.changed.connect(() => this.changed.emit());
  }

  get hints(): { readonly fields: readonly string[] } {
    return { fields: [this.x.name, this.y.name] };
  }

  async connect(signal?: AbortSignal): Promise<void> {
    await this.x.connect(signal);
    await this.y.connect(signal);
  }

  async shutdown(): Promise<void> {
    await Promise.all([this.x.shutdown(), this.y.shutdown()]);
  }

  set(targetUm: readonly [xUm: number, yUm: number]): Status {
    if (!Array.isArray(targetUm) || targetUm.length !== 2) {
      throw new ValueError(`${this.name}: a target must be [x, y] in um, not ${JSON.stringify(targetUm)}`);
    }
    const [xUm, yUm] = targetUm;
    this.x.checkValue(xUm);
    this.y.checkValue(yUm);
    const status = new Status({ label: `${this.name}: move to ${xUm}, ${yUm} um` });
    Promise.all([this.x.set(xUm).wait(), this.y.set(yUm).wait()]).then(
      () => status.setFinished(),
      (thrown: unknown) => status.setException(asError(thrown)),
    );
    return status;
  }

  async stop(options: { readonly success?: boolean } = {}): Promise<void> {
    await Promise.all([this.x.stop(options), this.y.stop(options)]);
  }

  async locate(): Promise<{
    readonly setpoint: readonly [number, number];
    readonly readback: readonly [number, number];
  }> {
    const [x, y] = [await this.x.locate(), await this.y.locate()];
    return { setpoint: [x.setpoint, y.setpoint], readback: [x.readback, y.readback] };
  }

  async read(): Promise<Record<string, Reading>> {
    return { ...(await this.x.read()), ...(await this.y.read()) };
  }

  describe(): Record<string, DataKey> {
    return { ...this.x.describe(), ...this.y.describe() };
  }

  readConfiguration(): Record<string, Reading> {
    return { ...this.x.readConfiguration(), ...this.y.readConfiguration() };
  }

  describeConfiguration(): Record<string, DataKey> {
    return { ...this.x.describeConfiguration(), ...this.y.describeConfiguration() };
  }
}
