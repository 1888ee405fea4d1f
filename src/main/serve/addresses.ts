import { hostname as machineName, networkInterfaces } from 'node:os';

/** What is known of the machine. */
export interface Machine {
  readonly name: string;
  /** Addresses under which others reach it. */
  readonly addresses: readonly string[];
}

export function thisMachine(): Machine {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  // Link-local addresses of IPv6 need a zone, which no address bar takes.
  const reachable = all.filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
  const ipv4First = [...reachable].sort((one, other) => one.family.localeCompare(other.family));
  return { name: machineName(), addresses: ipv4First.map(({ address }) => address) };
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::', '']);

/** Whether only this machine can come to a server that listens there. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.includes(hostname.toLowerCase()) || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** As it stands in an address bar: IPv6 in brackets. */
function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Hosts to open in a browser, the best first: for a server that listens everywhere those of the machine. */
export function hostsToOpen(hostname: string, machine: Machine): string[] {
  if (!EVERYWHERE.has(hostname)) return [inUrl(hostname)];
  // A server of IPv4 alone does not hear those who come by IPv6.
  const heard = machine.addresses.filter((address) => hostname !== '0.0.0.0' || !address.includes(':'));
  return [...heard.map(inUrl), '127.0.0.1'];
}

/**
 * Names under which a server may be spoken to, small letters: anything else is a page of somebody else's that resolves here.
 * @param bound - the address that it listens on, after names are resolved.
 */
export function allowedHosts(hostname: string, bound: string, port: number, machine: Machine): ReadonlySet<string> {
  const own = isLoopback(hostname) ? [] : [machine.name, `${machine.name}.local`];
  const reached = EVERYWHERE.has(hostname) ? machine.addresses : [];
  const hosts = [...LOOPBACK, hostname, bound, ...own, ...reached].map((host) => inUrl(host.toLowerCase()));
  // Browsers leave the port of http out.
  return new Set(hosts.flatMap((host) => (port === 80 ? [host, `${host}:80`] : [`${host}:${port}`])));
}
