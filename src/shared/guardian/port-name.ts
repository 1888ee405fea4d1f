/**
 * One name for each serial port: Windows takes `COM5`, `com5` and `\\.\COM5` for the same.
 * @param platform - whose names they are
 */
export function portName(path: string, platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'win32') return path;
  const [, name] = /^(?:[\\/]{2}[.?][\\/])?(com\d+)$/i.exec(path.trim()) ?? [];
  return name?.toUpperCase() ?? path;
}
