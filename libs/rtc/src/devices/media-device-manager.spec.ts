import { MediaDeviceManager } from './media-device-manager';
import type { MediaError } from './media-error';

type Ask = (constraints: MediaStreamConstraints) => string;

/** A fake `navigator.mediaDevices`: `infos` are the devices, `ask` returns the id of the opened one or throws. */
class FakeMediaDevices extends EventTarget {
  infos: Partial<MediaDeviceInfo>[] = [];
  ask: Ask = () => 'built-in';
  readonly stopped: string[] = [];

  async enumerateDevices(): Promise<Partial<MediaDeviceInfo>[]> {
    return this.infos;
  }

  async getUserMedia(constraints: MediaStreamConstraints): Promise<unknown> {
    const deviceId = this.ask(constraints);
    const track = { getSettings: () => ({ deviceId }), stop: () => this.stopped.push(deviceId) };
    return { getTracks: () => [track] };
  }
}

const wantedBy = ({ audio }: MediaStreamConstraints): unknown => (audio as MediaTrackConstraints).deviceId;
const refuse = (name: string): never => {
  throw new DOMException('', name);
};

describe('MediaDeviceManager', () => {
  let fake: FakeMediaDevices;
  let devices: MediaDeviceManager;

  beforeEach(() => {
    fake = new FakeMediaDevices();
    devices = new MediaDeviceManager(fake as unknown as MediaDevices);
  });
  afterEach(() => devices.closeManager());

  it('opens the wanted microphone', async () => {
    fake.ask = (constraints) => (expect(wantedBy(constraints)).toEqual({ exact: 'usb' }), 'usb');
    await expect(devices.openMicrophone('usb')).resolves.toMatchObject({ deviceId: 'usb', fellBack: false });
  });

  it.each(['OverconstrainedError', 'NotReadableError'])(
    'opens another device when the wanted one fails with %s',
    async (name) => {
      fake.ask = (constraints) => (wantedBy(constraints) ? refuse(name) : 'built-in');
      await expect(devices.openMicrophone('usb')).resolves.toMatchObject({ deviceId: 'built-in', fellBack: true });
    },
  );

  it('does not ask again when the person denied access', async () => {
    const asked = jest.fn(() => refuse('NotAllowedError'));
    fake.ask = asked;
    await expect(devices.openMicrophone('usb')).rejects.toMatchObject<Partial<MediaError>>({ reason: 'denied' });
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('names the source that is missing', async () => {
    fake.ask = () => refuse('NotFoundError');
    await expect(devices.openCamera()).rejects.toMatchObject({ source: 'camera', reason: 'missing' });
  });

  it('is unsupported on an insecure page', async () => {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
    const insecure = new MediaDeviceManager(undefined);
    await expect(insecure.openCamera()).rejects.toMatchObject({ reason: 'unsupported' });
    await expect(insecure.openScreenShare()).rejects.toMatchObject({ reason: 'unsupported' });
    await expect(insecure.refreshDeviceList()).resolves.toMatchObject({ cameras: [] });
  });

  it('reports devices that were plugged in and pulled out', async () => {
    fake.infos = [{ kind: 'audioinput', deviceId: 'usb', label: 'Headset' }];
    await devices.refreshDeviceList();
    const changed = jest.fn();
    devices.on('changed', changed);
    fake.infos = [{ kind: 'videoinput', deviceId: 'cam', label: 'Camera' }];
    fake.dispatchEvent(new Event('devicechange'));
    await devices.refreshDeviceList();
    expect(changed).toHaveBeenCalledTimes(1);
    expect(changed).toHaveBeenCalledWith({
      list: { microphones: [], cameras: [{ kind: 'camera', id: 'cam', name: 'Camera' }], speakers: [] },
      added: [{ kind: 'camera', id: 'cam', name: 'Camera' }],
      removed: [{ kind: 'microphone', id: 'usb', name: 'Headset' }],
    });
  });

  it('releases every track at the end, also one that opens later', async () => {
    await devices.openMicrophone();
    fake.ask = () => 'late';
    const late = devices.openMicrophone();
    devices.closeManager();
    await late;
    expect(fake.stopped).toEqual(['built-in', 'late']);
  });
});
