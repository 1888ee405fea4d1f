/** Paths of the serial ports that this machine has. */
export async function listSerialPorts(): Promise<string[]> {
  const { SerialPort } = await import('serialport');
  return (await SerialPort.list()).map(({ path }) => path);
}
