import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { MediaError, type OpenDevice, type OpenScreen } from '@webcall/rtc';
import { flushPromises } from '../../core/net/testing/fake-realtime';
import { DeviceChoice } from './device-choice';
import { type DeviceNotice, LocalMedia } from './local-media';

class FakeTrack extends EventTarget {
  enabled = true;
  stopped = false;
  constructor(readonly label: string) {
    super();
  }
  stop(): void {
    this.stopped = true;
  }
}

/** Replaces the device manager in tests: devices can be plugged in and pulled out. */
class FakeDevices {
  readonly plugged = new Set(['mic 1', 'mic 2', 'cam']);
  refusal: MediaError | null = null;
  /** The prompt that the browser shows first. */
  prompt: Promise<void> = Promise.resolve();
  readonly screenSound = new FakeTrack('sound of the screen');

  /** What happened to each picked screen. */
  readonly shared: ('open' | 'stopped')[] = [];

  openScreenShare = (): Promise<OpenScreen> => {
    const at = this.shared.push('open') - 1;
    let resolve = (): void => undefined;
    const ended = new Promise<void>((done) => (resolve = done));
    const stop = (): void => {
      this.shared[at] = 'stopped';
      resolve();
    };
    const screen = new FakeTrack('screen') as unknown as MediaStreamTrack;
    return Promise.resolve({ screen, screenSound: this.screenSound as unknown as MediaStreamTrack, ended, stop });
  };

  openMicrophone = (preferredId?: string): Promise<OpenDevice> => this.open('mic', preferredId);
  openCamera = (preferredId?: string): Promise<OpenDevice> => this.open('cam', preferredId);

  releaseTracks(...tracks: FakeTrack[]): void {
    for (const track of tracks) track.stopped = true;
  }

  private async open(kind: string, preferredId?: string): Promise<OpenDevice> {
    await this.prompt;
    if (this.refusal) throw this.refusal;
    const isPlugged = preferredId && this.plugged.has(preferredId);
    const found = isPlugged ? preferredId : [...this.plugged].find((d) => d.startsWith(kind));
    if (!found) throw new MediaError(kind === 'mic' ? 'microphone' : 'camera', 'missing');
    const track = new FakeTrack(found) as unknown as MediaStreamTrack;
    return { track, deviceId: found, fellBack: found !== preferredId };
  }
}

describe('LocalMedia', () => {
  let devices: FakeDevices;
  let media: LocalMedia;
  let news: DeviceNotice[];
  const track = (kind: 'microphone' | 'camera') => media[kind]() as unknown as FakeTrack;

  beforeEach(() => {
    localStorage.clear();
    devices = new FakeDevices();
    const preferred: Record<string, string> = {};
    const choice = {
      devices,
      preferredDeviceId: (kind: string) => preferred[kind],
      storePreferredDevice: (kind: string, id: string) => (preferred[kind] = id),
    };
    TestBed.configureTestingModule({ providers: [{ provide: DeviceChoice, useValue: choice }] });
    media = TestBed.inject(LocalMedia);
    news = [];
    media.news.subscribe((n) => news.push(n));
  });

  it('begins with sound and without picture, and remembers what the person wants', async () => {
    await media.openWantedDevices();
    expect(media.state()).toEqual({ microphone: true, camera: false, screen: false, screenSound: false });
    await media.setDeviceEnabled('camera', true);
    await media.setDeviceEnabled('microphone', false);
    TestBed.resetTestingModule();
    expect(TestBed.inject(LocalMedia).wanted()).toEqual({ microphone: false, camera: true });
  });

  it('keeps a muted microphone open and closes a camera that is off', async () => {
    await media.setDeviceEnabled('microphone', true);
    await media.setDeviceEnabled('camera', true);
    const [microphone, camera] = [track('microphone'), track('camera')];
    await media.setDeviceEnabled('microphone', false);
    await media.setDeviceEnabled('camera', false);
    expect([microphone.enabled, microphone.stopped, camera.stopped]).toEqual([false, false, true]);
    expect(media.camera()).toBeNull();
    await media.setDeviceEnabled('microphone', true);
    expect(track('microphone')).toBe(microphone);
    expect(microphone.enabled).toBe(true);
  });

  it('reports why a device cannot be opened, and goes on when it can', async () => {
    devices.refusal = new MediaError('microphone', 'denied');
    await media.setDeviceEnabled('microphone', true);
    expect(media.problems().microphone).toBe('denied');
    expect(media.on().microphone).toBe(false);
    devices.refusal = null;
    await media.setDeviceEnabled('microphone', true);
    expect(media.problems().microphone).toBeUndefined();
    expect(media.on().microphone).toBe(true);
  });

  it('changes to another device while it is on, muted or not', async () => {
    await media.setDeviceEnabled('microphone', true);
    const before = track('microphone');
    await media.switchToDevice('microphone', 'mic 2');
    expect(track('microphone').label).toBe('mic 2');
    expect(before.stopped).toBe(true);
    await media.setDeviceEnabled('microphone', false);
    await media.switchToDevice('microphone', 'mic 1');
    expect(track('microphone').enabled).toBe(false);
    expect(media.on().microphone).toBe(false);
  });

  it('takes another microphone when the one in use is pulled out, and reports it', async () => {
    await media.setDeviceEnabled('microphone', true);
    devices.plugged.delete('mic 1');
    track('microphone').dispatchEvent(new Event('ended'));
    await flushPromises();
    expect(track('microphone').label).toBe('mic 2');
    expect(news).toEqual([{ kind: 'microphone', type: 'replaced', name: 'mic 2' }]);
    expect(media.on().microphone).toBe(true);
  });

  it('reports that the only camera was pulled out', async () => {
    await media.setDeviceEnabled('camera', true);
    devices.plugged.delete('cam');
    track('camera').dispatchEvent(new Event('ended'));
    await flushPromises();
    expect(media.camera()).toBeNull();
    expect(media.on().camera).toBe(false);
    expect(news).toEqual([{ kind: 'camera', type: 'lost', name: 'cam' }]);
  });

  it('closes devices that the browser opens after everything was closed', async () => {
    let allow = (): void => undefined;
    devices.prompt = new Promise((done) => (allow = done));
    const given = jest.spyOn(devices, 'releaseTracks');
    const opening = Promise.all([media.openWantedDevices(), media.setDeviceEnabled('camera', true)]);
    await flushPromises();
    media.closeLocalMedia();
    allow();
    await opening;
    expect(given.mock.calls.map(([opened]) => opened?.label)).toEqual(['mic 1', 'cam']);
    expect(media.state()).toEqual({ microphone: false, camera: false, screen: false, screenSound: false });
    await media.openWantedDevices();
    expect(media.on()).toEqual({ microphone: true, camera: true });
  });

  it('shares no screen that was picked after the end, or while sharing was held', async () => {
    const picking = media.shareScreen();
    media.stopScreenSharing();
    await picking;
    expect(media.screen()).toBeNull();
    const held = media.shareScreen();
    media.holdMediaKinds(['screen']);
    await held;
    expect(media.screen()).toBeNull();
    expect(devices.shared).toEqual(['stopped', 'stopped']);
  });

  it('turns off held devices and keeps them off, but remembers what the person wants for the next call', async () => {
    await media.setDeviceEnabled('microphone', true);
    await media.setDeviceEnabled('camera', true);
    const microphone = track('microphone');
    media.holdMediaKinds(['microphone', 'camera']);
    expect(microphone.enabled).toBe(false);
    await flushPromises();
    expect(media.on()).toEqual({ microphone: false, camera: false });
    expect(media.camera()).toBeNull();
    await media.setDeviceEnabled('microphone', true);
    expect(media.on().microphone).toBe(false);
    await media.switchToDevice('microphone', 'mic 2');
    expect(track('microphone').enabled).toBe(false);
    expect(media.wanted()).toEqual({ microphone: true, camera: true });
  });

  it('turns nothing on by itself after a hold has ended', async () => {
    await media.setDeviceEnabled('microphone', true);
    media.holdMediaKinds(['microphone']);
    media.holdMediaKinds([]);
    await media.switchToDevice('microphone', 'mic 2');
    expect(track('microphone').enabled).toBe(false);
    expect(media.on().microphone).toBe(false);
    await media.setDeviceEnabled('microphone', true);
    expect(media.on().microphone).toBe(true);
  });

  it('does not turn on a device that is held while it opens', async () => {
    const opening = media.setDeviceEnabled('microphone', true);
    media.holdMediaKinds(['microphone']);
    await opening;
    await flushPromises();
    expect(media.on().microphone).toBe(false);
    expect(media.microphone() === null || !track('microphone').enabled).toBe(true);
  });

  it('ends a held screen, or only its sound when only that is held', async () => {
    await media.shareScreen();
    media.holdMediaKinds(['screenSound']);
    expect(devices.screenSound.stopped).toBe(true);
    expect(media.state()).toMatchObject({ screen: true, screenSound: false });
    media.holdMediaKinds([]);
    expect(media.tracks().screenSound).toBeNull();
    media.holdMediaKinds(['screen', 'screenSound']);
    await flushPromises();
    expect(media.screen()).toBeNull();
    await media.shareScreen();
    expect(media.screen()).toBeNull();
  });

  it('shares a screen without its sound while the sound is held', async () => {
    media.holdMediaKinds(['microphone', 'screenSound']);
    await media.shareScreen();
    expect(media.state()).toMatchObject({ screen: true, screenSound: false });
  });
});
