/** How the end of an answer is known. */
export type ReplyFraming =
  | {
      /** Up to the line end of the link. */
      readonly kind: 'line';
    }
  | {
      /** As long as `count` says. */
      readonly kind: 'bytes';
      /** Bytes of the answer. */
      readonly count: number;
    }
  | {
      /** Up to and with `end`. */
      readonly kind: 'until';
      /** What an answer ends with. */
      readonly end: readonly number[];
    }
  | {
      /** There is no answer: done when it is written. */
      readonly kind: 'none';
    };

/** Of each exchange. */
export interface ExchangeOptions {
  /** Longest wait for the answer, ms, from when it is written. */
  readonly timeoutMs: number;
  /** Gives the exchange up; what comes later is no answer to the next one. */
  readonly signal?: AbortSignal;
}

/** One question and what came of it. Text is Latin-1, one character per byte. */
export interface Exchange {
  /** Unix time of the question, s. */
  readonly time: number;
  /** Who asked: a device, or `guardian`. */
  readonly by: string;
  /** The question. */
  readonly sent: string;
  /** Null when there was no answer. */
  readonly received: string | null;
  /** Why not; null when there was one. */
  readonly error: string | null;
  /** From writing to the answer, ms. */
  readonly durationMs: number;
}

/** What confirms a step. */
export type SafeAnswer =
  | {
      /** This very line. */
      readonly kind: 'line';
      /** Without its end. */
      readonly equals: string;
    }
  | {
      /** A line of this form. */
      readonly kind: 'line-like';
      /** Regular expression of the whole line. */
      readonly pattern: string;
    }
  | {
      /** These bytes. */
      readonly kind: 'bytes';
      /** What the answer ends with. */
      readonly equals: readonly number[];
    }
  | {
      /** The device does not answer: nobody can know whether it heard. */
      readonly kind: 'nothing';
    };

/** One exchange on the way to safety. */
export interface SafeStep {
  /** A line, whose end is added, or bytes as they are. */
  readonly send: string | readonly number[];
  /** What confirms it; other answers are passed over. */
  readonly expect: SafeAnswer;
  /** Longest wait for `expect`, ms. Keep it short: the sample is lit meanwhile. */
  readonly timeoutMs: number;
}

/**
 * How a device is made safe, as data: the guardian process carries it out without any code of the device, also when the program
 * that drives it is gone.
 */
export interface SafeState {
  /** Name of the device. */
  readonly device: string;
  /** Lights and shutters are made safe first, then what moves. */
  readonly order: 'light' | 'motion';
  /**
   * One after the other; the last one should read the state back where the device can tell it. None: the device is made safe by what
   * was said before, and needs no protection any more.
   */
  readonly steps: readonly SafeStep[];
}

/** A byte or line connection to hardware. The guardian owns the port; one exchange at a time, each with a deadline. */
export interface Link {
  /** What it is connected to: `/dev/ttyACM0 at 115200 baud`. */
  readonly description: string;
  /**
   * Sends one line and resolves with the answer, without its line end. Calls queue up: one exchange at a time.
   * @throws RedsunError `link/timeout` when nothing came in `timeoutMs`; `link/lost` when the port is gone; `link/held` while the
   * guardian keeps everything safe.
   */
  query(line: string, options: ExchangeOptions): Promise<string>;
  /** Sends bytes and resolves with those of the answer, its end included. @throws as `query` */
  exchange(bytes: Uint8Array, options: ExchangeOptions & { readonly reply: ReplyFraming }): Promise<Uint8Array>;
  /** Sends a line that is not answered; resolves when it is written. @throws as `query` */
  send(line: string): Promise<void>;
  /** Hears what comes without being asked for, in pieces as they arrive. */
  onUnsolicited(listener: (bytes: Uint8Array) => void): Disposable;
  /**
   * From now on the guardian makes the device safe in this way: on STOP, when this program does not answer or is gone, and before the
   * port is closed. A second call for the same device replaces the first.
   */
  protect(state: SafeState): Promise<void>;
  /** The last exchanges, oldest first, for reports. */
  recentExchanges(): Promise<readonly Exchange[]>;
  /** Makes safe what is protected and lets go of the port. */
  close(): Promise<void>;
}

/** What lines end in, and how they are written. */
export interface LineOptions {
  /** Ends each line in both directions. */
  readonly lineEnd: string;
}

/** A serial port. */
export interface SerialLinkOptions extends LineOptions {
  /** Over a serial line. */
  readonly kind: 'serial';
  /** Device path, `/dev/ttyACM0` or `COM7`. */
  readonly path: string;
  /** Bits per second. */
  readonly baudRate: number;
  /** Default: 8. */
  readonly dataBits?: 7 | 8;
  /** Default: none. */
  readonly parity?: 'none' | 'even' | 'odd';
  /** Default: 1. */
  readonly stopBits?: 1 | 2;
  /** Hardware flow control. Default: false. */
  readonly rtscts?: boolean;
}

/** A device on the network. */
export interface TcpLinkOptions extends LineOptions {
  /** Over TCP. */
  readonly kind: 'tcp';
  /** Name or address. */
  readonly host: string;
  /** Of TCP, 1 to 65535. */
  readonly port: number;
}

/** A device in memory: registers that answer `OK` to `name value` and the value to `name?`. What simulated devices switch. */
export interface MemoryLinkOptions extends LineOptions {
  /** In memory. */
  readonly kind: 'memory';
  /** Name of the simulated device. */
  readonly name: string;
  /** Registers and what is in them at first. */
  readonly registers: Readonly<Record<string, string>>;
}

/** Which USB device. */
export interface UsbIdentity {
  /** Of the vendor, 0 to 0xffff. */
  readonly vendorId: number;
  /** Of the product, 0 to 0xffff. */
  readonly productId: number;
  /** Needed where two of the kind are plugged in. */
  readonly serialNumber?: string;
  /** Number of the interface, of devices with several. Default: 0 for USB, any for HID. */
  readonly interface?: number;
}

/** A USB device of no class that the system knows, over one bulk or interrupt endpoint for each direction. */
export interface UsbLinkOptions extends LineOptions, UsbIdentity {
  /** Over USB. */
  readonly kind: 'usb';
  /** Address of the endpoint that is read, such as 0x81. Default: the first one of the interface. */
  readonly endpointIn?: number;
  /** Address of the endpoint that is written to, such as 0x01. Default: the first one of the interface. */
  readonly endpointOut?: number;
}

/**
 * A USB device of the class HID. Reports are a stream of bytes here: what is written is cut into reports and filled up with zeros, and
 * what comes in is put together without the numbers of the reports.
 */
export interface HidLinkOptions extends LineOptions, UsbIdentity {
  /** Over HID. */
  readonly kind: 'hid';
  /** Of the top-level collection, where the device has several. */
  readonly usagePage?: number;
  /** Of the top-level collection, where the device has several. */
  readonly usage?: number;
  /** Number of the reports, in both directions; those with another one are passed over. Default 0: the device numbers none. */
  readonly reportId?: number;
  /** Bytes of a report that is sent, without its number. Default: 64. */
  readonly reportBytes?: number;
  /** `text`: a report that comes in ends before its first zero byte. `binary`: all of it counts. Default: binary. */
  readonly content?: 'binary' | 'text';
}

/** What to open. */
export type LinkOptions = SerialLinkOptions | TcpLinkOptions | UsbLinkOptions | HidLinkOptions | MemoryLinkOptions;

/** Opens a link; belongs to the host. @throws RedsunError `link/in-use` naming the owner, `link/open-failed` */
export type OpenLink = (options: LinkOptions, owner: string) => Promise<Link>;

/** What a link is connected to, in words. */
export function describeLink(options: LinkOptions): string {
  switch (options.kind) {
    case 'serial':
      return `${options.path} at ${options.baudRate} baud`;
    case 'tcp':
      return `${options.host}:${options.port}`;
    case 'usb':
    case 'hid':
      return `${options.kind === 'usb' ? 'USB' : 'HID'} device ${usbName(options)}`;
    case 'memory':
      return `memory of ${options.name}`;
  }
}

/** The port of a link, as messages and locks name it. */
export function portOf(options: LinkOptions): string {
  switch (options.kind) {
    case 'serial':
      return options.path;
    case 'tcp':
      return `${options.host}:${options.port}`;
    case 'usb':
    case 'hid':
      return `${options.kind}:${usbName(options)}`;
    case 'memory':
      return `memory:${options.name}`;
  }
}

/** `04d8:00dd`, with serial number and interface where they are given. */
function usbName({ vendorId, productId, serialNumber, interface: part }: UsbIdentity): string {
  const ids = [vendorId, productId].map((id) => id.toString(16).padStart(4, '0'));
  return [...ids, ...(serialNumber === undefined ? [] : [serialNumber])].join(':') + (part ? ` interface ${part}` : '');
}

/** What a serial port has when nothing is said. */
const SERIAL_DEFAULTS = { dataBits: 8, parity: 'none', stopBits: 1, rtscts: false } as const;

/** In what two ways of opening the same port differ, in words; null: in nothing. Names of the port itself do not count. */
export function differenceOf(
  one: LinkOptions,
  other: LinkOptions,
): { readonly key: string; readonly one: string; readonly other: string } | null {
  const [first, second] = [settingsOf(one), settingsOf(other)];
  for (const key of new Set([...first.keys(), ...second.keys()])) {
    const [here, there] = [first.get(key) ?? 'unset', second.get(key) ?? 'unset'];
    if (here !== there) return { key, one: here, other: there };
  }
  return null;
}

function settingsOf(options: LinkOptions): ReadonlyMap<string, string> {
  const { kind } = options;
  const { path: _path, ...settings } = { path: '', ...(kind === 'serial' ? SERIAL_DEFAULTS : {}), ...options };
  const set = Object.entries(settings).filter(([, value]) => value !== undefined);
  return new Map(set.map(([key, value]): [string, string] => [key, JSON.stringify(value)]));
}
