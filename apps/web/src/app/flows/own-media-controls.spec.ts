import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { MediaKind } from '@webcall/domain';
import { en } from '../../i18n/en';
import { I18n } from '../core/text/i18n';
import { CallReactions } from '../state/call/call-reactions';
import { LocalMedia } from '../state/media/local-media';
import { Dialogs } from '../ui/feedback/dialog';
import { Toasts } from '../ui/feedback/toasts';
import { OwnMediaControls } from './own-media-controls';

describe('the switches of the own devices', () => {
  const on = signal({ microphone: true, camera: false });
  const held = signal<MediaKind[]>([]);
  const local = {
    ...{ on, held, busy: () => ({ microphone: false, camera: true }) },
    problems: () => ({ microphone: 'busy', camera: undefined }),
    setDeviceEnabled: () => Promise.resolve(),
  };
  let controls: OwnMediaControls;

  beforeEach(() => {
    on.set({ microphone: true, camera: false });
    held.set([]);
    TestBed.configureTestingModule({
      providers: [
        { provide: LocalMedia, useValue: local },
        { provide: CallReactions, useValue: {} },
        { provide: Dialogs, useValue: {} },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    controls = TestBed.inject(OwnMediaControls);
  });

  it('say what a press does, and show what is on', () => {
    const { mute, unmute, cameraOff, cameraOn } = en.call;
    const { microphone, camera } = controls.deviceSwitches();
    expect(microphone).toEqual({ on: true, busy: false, name: mute, hint: mute, icon: 'microphone' });
    expect(camera).toEqual({ on: false, busy: true, name: cameraOn, hint: cameraOn, icon: 'cameraOff' });
    on.set({ microphone: false, camera: true });
    expect(controls.deviceSwitches().microphone).toMatchObject({ name: unmute, icon: 'microphoneOff' });
    expect(controls.deviceSwitches().camera).toMatchObject({ name: cameraOff, icon: 'camera' });
  });

  it('say why a device could not be opened, and what may help', async () => {
    await controls.toggleDevice('camera');
    await controls.toggleDevice('microphone');
    const { problem, fix } = en.devices;
    const shown = TestBed.inject(Toasts).shown();
    expect(shown.map(({ text }) => text)).toEqual([`${problem.microphone.busy} ${fix.busy}`]);
  });

  it('say who holds a device, and keep their names', () => {
    on.set({ microphone: false, camera: false });
    held.set(['microphone', 'camera']);
    const { microphone, camera } = controls.deviceSwitches();
    const { youAreHeld } = en.moderation;
    expect(microphone).toMatchObject({ name: en.call.unmute, hint: youAreHeld.microphone, icon: 'microphoneHeld' });
    expect(camera).toMatchObject({ name: en.call.cameraOn, hint: youAreHeld.camera, icon: 'cameraOff' });
  });
});
