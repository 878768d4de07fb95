import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { MediaError, type OpenDevice, type OpenScreen } from '@webcall/rtc';
import { DeviceChoice } from './devices';
import { type DeviceNews, LocalMedia } from './local-media';
import { settled } from '../../core/net/testing/fake-realtime';

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

/** Devices that can be plugged in and pulled out. */
class FakeDevices {
  readonly plugged = new Set(['mic 1', 'mic 2', 'cam']);
  refusal: MediaError | null = null;
  /** What the browser asks the person first. */
  prompt: Promise<void> = Promise.resolve();
  readonly screenSound = new FakeTrack('sound of the screen');

  /** What became of each screen that was picked. */
  readonly shared: ('open' | 'stopped')[] = [];

  openScreen = (): Promise<OpenScreen> => {
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

  openMicrophone = (wanted?: string): Promise<OpenDevice> => this.open('mic', wanted);
  openCamera = (wanted?: string): Promise<OpenDevice> => this.open('cam', wanted);

  release(...tracks: FakeTrack[]): void {
    for (const track of tracks) track.stopped = true;
  }

  private async open(kind: string, wanted?: string): Promise<OpenDevice> {
    await this.prompt;
    if (this.refusal) throw this.refusal;
    const found = wanted && this.plugged.has(wanted) ? wanted : [...this.plugged].find((d) => d.startsWith(kind));
    if (!found) throw new MediaError(kind === 'mic' ? 'microphone' : 'camera', 'missing');
    const track = new FakeTrack(found) as unknown as MediaStreamTrack;
    return { track, deviceId: found, fellBack: found !== wanted };
  }
}

describe('LocalMedia', () => {
  let devices: FakeDevices;
  let media: LocalMedia;
  let news: DeviceNews[];
  const track = (kind: 'microphone' | 'camera') => media[kind]() as unknown as FakeTrack;

  beforeEach(() => {
    localStorage.clear();
    devices = new FakeDevices();
    const preferred: Record<string, string> = {};
    const choice = {
      devices,
      preferred: (kind: string) => preferred[kind],
      prefer: (kind: string, id: string) => (preferred[kind] = id),
    };
    TestBed.configureTestingModule({ providers: [{ provide: DeviceChoice, useValue: choice }] });
    media = TestBed.inject(LocalMedia);
    news = [];
    media.news.subscribe((n) => news.push(n));
  });

  it('begins with sound and without picture, and remembers the wish', async () => {
    await media.openWanted();
    expect(media.state()).toEqual({ microphone: true, camera: false, screen: false, screenSound: false });
    await media.set('camera', true);
    await media.set('microphone', false);
    TestBed.resetTestingModule();
    expect(TestBed.inject(LocalMedia).wanted()).toEqual({ microphone: false, camera: true });
  });

  it('keeps a muted microphone open and closes a camera that is off', async () => {
    await media.set('microphone', true);
    await media.set('camera', true);
    const [microphone, camera] = [track('microphone'), track('camera')];
    await media.set('microphone', false);
    await media.set('camera', false);
    expect([microphone.enabled, microphone.stopped, camera.stopped]).toEqual([false, false, true]);
    expect(media.camera()).toBeNull();
    await media.set('microphone', true);
    expect(track('microphone')).toBe(microphone);
    expect(microphone.enabled).toBe(true);
  });

  it('says why a device cannot be opened, and goes on when it can', async () => {
    devices.refusal = new MediaError('microphone', 'denied');
    await media.set('microphone', true);
    expect(media.problems().microphone).toBe('denied');
    expect(media.on().microphone).toBe(false);
    devices.refusal = null;
    await media.set('microphone', true);
    expect(media.problems().microphone).toBeUndefined();
    expect(media.on().microphone).toBe(true);
  });

  it('changes to another device while it is on, muted or not', async () => {
    await media.set('microphone', true);
    const before = track('microphone');
    await media.choose('microphone', 'mic 2');
    expect(track('microphone').label).toBe('mic 2');
    expect(before.stopped).toBe(true);
    await media.set('microphone', false);
    await media.choose('microphone', 'mic 1');
    expect(track('microphone').enabled).toBe(false);
    expect(media.on().microphone).toBe(false);
  });

  it('takes another microphone when the one in use is pulled out, and tells', async () => {
    await media.set('microphone', true);
    devices.plugged.delete('mic 1');
    track('microphone').dispatchEvent(new Event('ended'));
    await settled();
    expect(track('microphone').label).toBe('mic 2');
    expect(news).toEqual([{ kind: 'microphone', type: 'replaced', name: 'mic 2' }]);
    expect(media.on().microphone).toBe(true);
  });

  it('tells when the only camera is pulled out', async () => {
    await media.set('camera', true);
    devices.plugged.delete('cam');
    track('camera').dispatchEvent(new Event('ended'));
    await settled();
    expect(media.camera()).toBeNull();
    expect(media.on().camera).toBe(false);
    expect(news).toEqual([{ kind: 'camera', type: 'lost', name: 'cam' }]);
  });

  it('lets go of what the browser gives after everything was let go of', async () => {
    let allow = (): void => undefined;
    devices.prompt = new Promise((done) => (allow = done));
    const given = jest.spyOn(devices, 'release');
    const opening = Promise.all([media.openWanted(), media.set('camera', true)]);
    await settled();
    media.close();
    allow();
    await opening;
    expect(given.mock.calls.map(([opened]) => opened?.label)).toEqual(['mic 1', 'cam']);
    expect(media.state()).toEqual({ microphone: false, camera: false, screen: false, screenSound: false });
    await media.openWanted();
    expect(media.on()).toEqual({ microphone: true, camera: true });
  });

  it('shares nothing that was picked after the end, or while it came to be held', async () => {
    const picking = media.share();
    media.stopSharing();
    await picking;
    expect(media.screen()).toBeNull();
    const held = media.share();
    media.hold(['screen']);
    await held;
    expect(media.screen()).toBeNull();
    expect(devices.shared).toEqual(['stopped', 'stopped']);
  });

  it('turns off what is held and keeps it off; what the person wants for the next call stays', async () => {
    await media.set('microphone', true);
    await media.set('camera', true);
    const microphone = track('microphone');
    media.hold(['microphone', 'camera']);
    expect(microphone.enabled).toBe(false);
    await settled();
    expect(media.on()).toEqual({ microphone: false, camera: false });
    expect(media.camera()).toBeNull();
    await media.set('microphone', true);
    expect(media.on().microphone).toBe(false);
    await media.choose('microphone', 'mic 2');
    expect(track('microphone').enabled).toBe(false);
    expect(media.wanted()).toEqual({ microphone: true, camera: true });
  });

  it('turns nothing on by itself when it is allowed again', async () => {
    await media.set('microphone', true);
    media.hold(['microphone']);
    media.hold([]);
    await media.choose('microphone', 'mic 2');
    expect(track('microphone').enabled).toBe(false);
    expect(media.on().microphone).toBe(false);
    await media.set('microphone', true);
    expect(media.on().microphone).toBe(true);
  });

  it('does not turn on what is held while it opens', async () => {
    const opening = media.set('microphone', true);
    media.hold(['microphone']);
    await opening;
    await settled();
    expect(media.on().microphone).toBe(false);
    expect(media.microphone() === null || !track('microphone').enabled).toBe(true);
  });

  it('ends the screen that is held, and its sound alone when only that is', async () => {
    await media.share();
    media.hold(['screenSound']);
    expect(devices.screenSound.stopped).toBe(true);
    expect(media.state()).toMatchObject({ screen: true, screenSound: false });
    media.hold([]);
    expect(media.tracks().screenSound).toBeNull();
    media.hold(['screen', 'screenSound']);
    await settled();
    expect(media.screen()).toBeNull();
    await media.share();
    expect(media.screen()).toBeNull();
  });

  it('shares a screen without its sound while that is held', async () => {
    media.hold(['microphone', 'screenSound']);
    await media.share();
    expect(media.state()).toMatchObject({ screen: true, screenSound: false });
  });
});
