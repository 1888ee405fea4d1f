// The process of the host in the app with a window: a driver that blocks it does not freeze the window, so that STOP can be pressed.
import type { MessageEvent, ParentPort } from 'electron';
import { asError } from 'redsun/sdk/util';
import { notSafe, safeWords } from '../../shared/channels/device-answer.ts';
import { createDrivers } from '../app/drivers.ts';
import { guardAgainstFaults } from '../app/fault-guard.ts';
import { refuseInspectorSignal } from '../app/no-inspector.ts';
import { bundleFolders, placesIn, stateFolder } from '../app/places.ts';
import { version } from '../app/version.ts';
import { type Host, startHost } from '../host/start-host.ts';
import type { FromHostProcess, HostCall, ToHostProcess } from './host-messages.ts';
import { messagePortTransport } from './message-port-transport.ts';

function main(parent: ParentPort): void {
  const tell = (message: FromHostProcess) => parent.postMessage(message);
  const complain = (message: string) => void process.stderr.write(`${message}\n`);
  const guard = guardAgainstFaults(complain);
  let host: Promise<Host> | null = null;
  const end = async () => {
    const opened = await host?.catch(() => null);
    await opened?.close().catch((error: unknown) => complain(asError(error).message));
    const answers = opened?.lastAnswers ?? [];
    tell({ kind: 'closed', warning: notSafe(answers).length > 0 ? safeWords(answers) : null });
  };
  parent.on('message', ({ data, ports }: MessageEvent) => {
    const message = data as ToHostProcess;
    switch (message.kind) {
      case 'start':
        host = startHost(optionsOf(message.call));
        host.then(
          (opened) => {
            guard.attach(opened);
            tell({ kind: 'ready' });
          },
          (error: unknown) => tell({ kind: 'failed', message: asError(error).message }),
        );
        break;
      case 'connect': {
        const [port] = ports;
        if (port)
          host
            ?.then(({ server }) => server.serve(messagePortTransport(port), { name: 'The window of the app' }))
            .catch(() => port.close());
        break;
      }
      case 'page-gone':
        host
          ?.then(({ services }) => (services.engine.state === 'idle' ? services.optics.makeDark() : []))
          .catch(() => {});
        break;
      case 'close':
        void end();
    }
  });
}

function optionsOf({ appFolder, sessionPath, baseFolder }: HostCall): Parameters<typeof startHost>[0] {
  const places = placesIn(appFolder);
  return {
    sessionPath: sessionPath ?? places.defaultSession,
    bundleFolders: bundleFolders(appFolder, process.env),
    appFolder,
    writerWorkerPath: places.writerWorkerPath,
    recoveryWorkerPath: places.recoveryWorkerPath,
    pictureWorkerPath: places.pictureWorkerPath,
    stateFolder: stateFolder(process.env),
    // Who sits at this computer may open what its files let them.
    openFolders: 'anywhere',
    version,
    guardianHostname: '127.0.0.1',
    ...createDrivers(places.guardianPath),
    ...(baseFolder === null ? {} : { baseFolder }),
  };
}

refuseInspectorSignal();
main(process.parentPort);
