import { createContext, type JSX, type ReactNode, useContext } from 'react';
import { RedsunError } from 'redsun/sdk/util';
import { useStore } from 'zustand';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { AcquireFormStore } from './acquire-form-store.ts';
import type { Commands } from './commands.ts';
import type { GuardianLink, GuardianMirror } from './guardian-store.ts';
import { type HostMirror, type HostStore, lockOf, lookingOn } from './host-store.ts';
import type { LabelStore } from './label-store.ts';
import type { ReviewStore } from './review-store.ts';
import type { WindowState, WindowStore } from './window-store.ts';

/** Built once by the window's entry and handed to every view. */
export interface Services {
  readonly bridge: Bridge;
  readonly host: HostStore;
  readonly view: WindowStore;
  readonly form: AcquireFormStore;
  readonly review: ReviewStore;
  readonly labels: LabelStore;
  readonly commands: Commands;
  readonly guardian: GuardianLink;
}

const ServicesContext = createContext<Services | null>(null);

export function ServicesProvider(props: { readonly services: Services; readonly children: ReactNode }): JSX.Element {
  return <ServicesContext value={props.services}>{props.children}</ServicesContext>;
}

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new RedsunError('state/impossible', 'A view stands outside the window');
  return services;
}

/** One slice of what the host last said. */
export function useHost<Slice>(select: (state: HostMirror) => Slice): Slice {
  return useStore(useServices().host, select);
}

/** One slice of what this window shows. */
export function useView<Slice>(select: (state: WindowState) => Slice): Slice {
  return useStore(useServices().view, select);
}

/** What this window knows of the guardian. */
export function useGuardian(): GuardianMirror {
  return useStore(useServices().guardian.store);
}

/** The guardian says that the host does not answer: what the host said last may be true no more. */
export function useHostAway(): boolean {
  const { host } = useGuardian();
  return host === 'silent' || host === 'gone';
}

export function useCommands(): Commands {
  return useServices().commands;
}

/** Who has the control, while that is another one than this window; else null. */
export function useLookingOn(): string | null {
  return useHost(lookingOn);
}

/** Why nothing may be changed right now, or null. */
export function useLock(): string | null {
  return useHost((state) => lockOf(state)?.reason ?? null);
}

export function useLockTone(): 'live' | 'warn' {
  return useHost((state) => lockOf(state)?.tone ?? 'warn');
}
