import type { Clock } from '../util/clock.ts';
import type { FilenameProvider } from './filename-providers.ts';
import { PathInfo } from './path-info.ts';
import { formatRunName, localDate } from './run-name.ts';

/** Says where the frames of a device go. */
export interface PathProvider {
  /** Where they go. @param deviceName - whose frames; absent or null: everybody's. */
  pathInfo(deviceName?: string | null): PathInfo;
}

/** True when `value` can say where frames go: it has a method `pathInfo`. */
export function isPathProvider(value: unknown): value is PathProvider {
  return typeof value === 'object' && value !== null && 'pathInfo' in value && typeof value.pathInfo === 'function';
}

/** What of a `StaticPathProvider` may be left out. */
export interface StaticPathOptions {
  /** Handed on in each `PathInfo`. Default `application/x-zarr`. */
  readonly mimetypeHint?: string;
  /** Frames to come, handed on in each `PathInfo`; 0: nobody knows. Default 0. */
  readonly capacity?: number;
}

/** Stores below one base, named by a filename provider: each call asks it once. */
export class StaticPathProvider implements PathProvider {
  readonly #filenames: FilenameProvider;
  readonly #base: string;
  readonly #options: StaticPathOptions;

  /** @param filenames - names each store. @param baseUri - such as `file:///data`; slashes at its end do not matter. */
  constructor(filenames: FilenameProvider, baseUri: string, options: StaticPathOptions = {}) {
    this.#filenames = filenames;
    this.#base = withoutSlashAtEnd(baseUri);
    this.#options = options;
  }

  /** The array is called as the device, or as the file when nobody is named. @throws what the filename provider throws. */
  pathInfo(deviceName?: string | null): PathInfo {
    const filename = this.#filenames.filename(deviceName);
    return new PathInfo(`${this.#base}/${filename}`, deviceName || filename, this.#options);
  }
}

/** What a `SessionPathProvider` needs. */
export interface SessionPathOptions {
  /** Such as `file:///data`. */
  readonly baseUri: string;
  /** Name of the session: a folder below the base. */
  readonly session: string;
  /** Its local date names the folder of the day. */
  readonly clock: Clock;
  /**
   * The highest number that names of the form `<plan>_<number>` have in a folder, 0 when there is none: `highestCounter` over its names.
   * The SDK has no file system: the host looks.
   */
  readonly highestCounter: (folderUri: string, plan: string) => number;
  /** Handed on in each `PathInfo`. Default `application/x-zarr`. */
  readonly mimetypeHint?: string;
}

/**
 * One place per acquisition: `<base>/<session>/<YYYY-MM-DD>/<plan>_<number>`, whichever device asks first and however many ask.
 * Numbers go on after the highest that lies there already, so that nothing is written over, today or after a restart.
 */
export class SessionPathProvider implements PathProvider {
  readonly #options: SessionPathOptions;
  /** Numbers given out but not on the disk yet, by folder and plan. */
  readonly #given = new Map<string, number>();
  #plan = 'run';
  #acquisition: { readonly kind: 'none' } | { readonly kind: 'placed'; readonly storeUri: string } = { kind: 'none' };

  /** @param options - base, session, clock, and how to look at the disk. */
  constructor(options: SessionPathOptions) {
    this.#options = options;
  }

  /** The next device that asks begins a new acquisition. @param plan - names it. */
  begin(plan: string): void {
    this.#plan = plan;
    this.#acquisition = { kind: 'none' };
  }

  /** The acquisition has ended: the next device that asks begins another one of the same plan. */
  end(): void {
    this.#acquisition = { kind: 'none' };
  }

  /** @param deviceName - names the array; absent or null: as the plan. @throws what `highestCounter` throws. */
  pathInfo(deviceName?: string | null): PathInfo {
    if (this.#acquisition.kind === 'none') this.#acquisition = { kind: 'placed', storeUri: this.#place() };
    const { mimetypeHint } = this.#options;
    return new PathInfo(this.#acquisition.storeUri, deviceName || this.#plan, mimetypeHint ? { mimetypeHint } : {});
  }

  #place(): string {
    const { baseUri, session, clock, highestCounter } = this.#options;
    const folder = `${withoutSlashAtEnd(baseUri)}/${encodeURIComponent(session)}/${localDate(clock.now())}`;
    const key = `${folder}/${this.#plan}`;
    const counter = Math.max(highestCounter(folder, this.#plan), this.#given.get(key) ?? 0) + 1;
    this.#given.set(key, counter);
    return `${folder}/${encodeURIComponent(formatRunName({ plan: this.#plan, counter }))}`;
  }
}

/** `file:///` keeps its three: they say that there is no host. */
function withoutSlashAtEnd(uri: string): string {
  const [, scheme = '', path = ''] = /^([A-Za-z][\w+.-]*:\/\/)?(.*)$/s.exec(uri) ?? [];
  return scheme + path.replace(/\/+$/, '');
}
