import type { Link, OpenLink } from 'redsun/sdk/device';
import { type Clock, RedsunError } from 'redsun/sdk/util';
import { type OpenBytePort, openSerialPort, portIdentity } from './byte-port.ts';
import { type Exchange, LineLink } from './line-link.ts';

export interface SerialLinksOptions {
  readonly clock: Clock;
  /** Hears of each exchange. */
  readonly onExchange?: (exchange: Exchange) => void;
  /** Default: the serial ports of this machine. */
  readonly openPort?: OpenBytePort;
  /** One name for each port. Default: the path behind symbolic links. */
  readonly identityOf?: (path: string) => Promise<string>;
}

/** The serial ports of a session. */
export interface SerialLinks {
  /** @throws RedsunError `link/in-use` naming the owner; `link/open-failed` */
  readonly open: OpenLink;
  /** Closes all that is open. */
  close(): Promise<void>;
}

/** Opens serial ports, each for one owner at a time. */
export function createSerialLinks(options: SerialLinksOptions): SerialLinks {
  const { clock, onExchange = () => {}, openPort = openSerialPort, identityOf = portIdentity } = options;
  const owners = new Map<string, string>();
  const links = new Set<Link>();

  const open: OpenLink = async ({ path, baudRate, lineEnd }, owner) => {
    const identity = await identityOf(path);
    const holder = owners.get(identity);
    if (holder !== undefined) {
      throw new RedsunError('link/in-use', `${path}: ${owner} cannot open it, as ${holder} has it`);
    }
    owners.set(identity, owner);
    try {
      const port = await openPort(identity, baudRate);
      const release = () => {
        if (owners.get(identity) === owner) owners.delete(identity);
        links.delete(link);
      };
      port.onClose(release);
      const description = `${path} at ${baudRate} baud`;
      const link = new LineLink(port, { path, description, owner, lineEnd, clock, onExchange });
      links.add(link);
      return link;
    } catch (thrown) {
      owners.delete(identity);
      throw thrown;
    }
  };

  return {
    open,
    async close() {
      await Promise.allSettled([...links].map((link) => link.close()));
    },
  };
}
