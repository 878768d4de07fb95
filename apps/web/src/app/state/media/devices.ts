import { computed, inject, Injectable, signal } from '@angular/core';
import { type Handler } from '@webcall/base';
import { Devices, type DeviceList, type DevicesEvents } from '@webcall/rtc';
import { BrowserStorage } from '../../core/browser/storage';

/** What can be chosen. */
export type DeviceKind = 'microphone' | 'camera' | 'speaker';

type Choice = Partial<Record<DeviceKind, string>>;

const KEY = 'devices';

/** The devices that are plugged in, and which of them this browser prefers. */
@Injectable({ providedIn: 'root' })
export class DeviceChoice {
  private readonly storage = inject(BrowserStorage).browser;
  private readonly choice = signal<Choice>((this.storage.get(KEY) as Choice | null) ?? {});

  readonly devices = new Devices();
  readonly list = signal<DeviceList>({ microphones: [], cameras: [], speakers: [] });
  /** The preferred speaker, '' for the system's: also when the preferred one is not plugged in. */
  readonly speaker = computed(() => {
    const id = this.choice().speaker ?? '';
    return this.list().speakers.some((s) => s.id === id) ? id : '';
  });

  constructor() {
    this.devices.on('changed', ({ list }) => this.list.set(list));
    void this.devices.refresh();
  }

  /** The id of the device to take if it is there. */
  preferred(kind: DeviceKind): string | undefined {
    return this.choice()[kind];
  }

  prefer(kind: DeviceKind, deviceId: string): void {
    this.choice.update((choice) => ({ ...choice, [kind]: deviceId }));
    this.storage.set(KEY, this.choice());
  }

  /** Calls `handler` when something was plugged in or pulled out. @returns the call that ends it */
  onChange(handler: Handler<DevicesEvents['changed']>): () => void {
    return this.devices.on('changed', handler);
  }
}
