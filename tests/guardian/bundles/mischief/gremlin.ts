import { Device } from 'redsun/sdk/device';

/** The end of a program, or a long absence, as a driver with a fault brings it about: a word on a line of standard input says which. */
export class Gremlin extends Device {
  constructor(name: string) {
    super(name);
  }

  async connect(): Promise<void> {
    process.stdin.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter((word) => word !== '')) obey(line);
    });
  }

  /** The program may end although somebody could still say something. */
  shutdown(): void {
    process.stdin.pause();
  }

  readConfiguration() {
    return {};
  }
  describeConfiguration() {
    return {};
  }
}

function obey(line: string): void {
  const [word, value = '0'] = line.split(' ');
  switch (word) {
    case 'exit':
      process.exit(0);
      break;
    case 'abort':
      process.abort();
      break;
    case 'allocate':
      allocate();
      break;
    case 'block':
      block(Number(value));
  }
}

/** Until Node gives up. */
function allocate(): never {
  const kept: number[][] = [];
  for (;;) kept.push(new Array<number>(100_000).fill(kept.length + 0.5));
}

function block(durationMs: number): void {
  const untilMs = performance.now() + durationMs;
  while (performance.now() < untilMs);
}
