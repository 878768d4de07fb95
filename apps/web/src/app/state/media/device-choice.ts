import { computed, inject, Injectable, signal } from '@angular/core';
import { type EventHandler } from '@webcall/base';
import { type MediaDeviceEvents, type MediaDeviceList, MediaDeviceManager } from '@webcall/rtc';
import { BrowserStorage } from '../../core/browser/browser-storage';

/** The kinds of device that can be chosen. */
export type DeviceKind = 'microphone' | 'camera' | 'speaker';

type PreferredDeviceIds = Partial<Record<DeviceKind, string>>;

const KEY = 'devices';

/** The connected devices, and which of them this browser prefers. */
@Injectable({ providedIn: 'root' })
export class DeviceChoice {
  private readonly storage = inject(BrowserStorage).browser;
  private readonly choice = signal<PreferredDeviceIds>(
    (this.storage.readValue(KEY) as PreferredDeviceIds | null) ?? {},
  );

  readonly devices = new MediaDeviceManager();
  readonly list = signal<MediaDeviceList>({ microphones: [], cameras: [], speakers: [] });
  /** The preferred speaker; '' for the system's, also when the preferred one is not connected. */
  readonly speaker = computed(() => {
    const id = this.choice().speaker ?? '';
    return this.list().speakers.some((s) => s.id === id) ? id : '';
  });

  constructor() {
    this.devices.on('changed', ({ list }) => this.list.set(list));
    void this.devices.refreshDeviceList();
  }

  /** The id of the device to use if it is connected. */
  preferredDeviceId(kind: DeviceKind): string | undefined {
    return this.choice()[kind];
  }

  storePreferredDevice(kind: DeviceKind, deviceId: string): void {
    this.choice.update((choice) => ({ ...choice, [kind]: deviceId }));
    this.storage.storeValue(KEY, this.choice());
  }

  /** Calls `handler` when a device was connected or removed. @returns a function that ends it */
  onDevicesChanged(handler: EventHandler<MediaDeviceEvents['changed']>): () => void {
    return this.devices.on('changed', handler);
  }
}
