import { computed, inject, Injectable, type Signal } from '@angular/core';
import { canChooseSpeaker, type MediaDevice } from '@webcall/rtc';
import { I18n } from '../../core/text/i18n';
import { DeviceChoice, type DeviceKind } from './device-choice';
import { LocalMedia } from './local-media';

/** One device in a menu. */
export interface DeviceOption {
  value: string;
  label: string;
}

/** The devices as options for menus, and which of them are selected. */
@Injectable({ providedIn: 'root' })
export class DeviceOptions {
  private readonly choice = inject(DeviceChoice);
  private readonly local = inject(LocalMedia);
  private readonly t = inject(I18n).t;

  /** Some browsers leave the speaker to the system. */
  readonly speakerCanBeChosen = canChooseSpeaker();
  readonly microphones = this.buildDeviceOptions('microphone', () => this.choice.list().microphones);
  readonly cameras = this.buildDeviceOptions('camera', () => this.choice.list().cameras);
  readonly speakers = computed(() => [
    { value: '', label: this.t().devices.systemDefault },
    // The browser lists the system's choice as a device of its own.
    ...this.buildDeviceOptions('speaker', () => this.choice.list().speakers.filter(({ id }) => id !== 'default'))(),
  ]);
  readonly microphone = computed(() => this.selectedDeviceId('microphone', this.microphones()));
  readonly camera = computed(() => this.selectedDeviceId('camera', this.cameras()));

  private buildDeviceOptions(kind: DeviceKind, devices: () => readonly MediaDevice[]): Signal<DeviceOption[]> {
    return computed(() => {
      const known = devices().map(({ id, name }, index) => ({
        value: id,
        label: name || this.t().devices.unnamed(this.t().devices[kind], index + 1),
      }));
      // Before the first permission some browsers name no device at all.
      return known.length > 0 || kind === 'speaker' ? known : [{ value: '', label: this.t().devices.systemDefault }];
    });
  }

  private selectedDeviceId(kind: 'microphone' | 'camera', options: readonly DeviceOption[]): string {
    const preferred = this.local.openDeviceId(kind) ?? this.choice.preferredDeviceId(kind);
    return options.find((o) => o.value === preferred)?.value ?? options[0]?.value ?? '';
  }
}
