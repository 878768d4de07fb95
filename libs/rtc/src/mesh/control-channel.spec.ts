import { Scope } from '@webcall/base';
import { ControlChannel, parseTileSizes } from './control-channel';
import { FakeConnection } from './testing/fake-connection';

describe('ControlChannel', () => {
  const begin = () => {
    const pc = new FakeConnection();
    return { pc, control: new ControlChannel(pc as unknown as RTCPeerConnection, new Scope()) };
  };

  it('sends the newest sizes when it opens, and all later ones', () => {
    const { pc, control } = begin();
    control.sendTileSizes({ camera: 90, screen: 0 });
    control.sendTileSizes({ camera: 180, screen: 0 });
    expect(pc.channel.sent).toEqual([]);
    pc.channel.openChannel();
    control.sendTileSizes({ camera: 0, screen: 720 });
    expect(pc.channel.sent.map((text) => parseTileSizes(text))).toEqual([
      { camera: 180, screen: 0 },
      { camera: 0, screen: 720 },
    ]);
  });

  it('emits the sizes that the other side requests', () => {
    const { pc, control } = begin();
    const received: unknown[] = [];
    control.events.on('tiles', (tiles) => received.push(tiles));
    pc.channel.deliverMessage('{"v":1,"tiles":{"camera":360,"screen":0}}');
    expect(received).toEqual([{ camera: 360, screen: 0 }]);
  });

  it.each([
    ['no text', new ArrayBuffer(4)],
    ['no JSON', '{'],
    ['another version', '{"v":2,"tiles":{"camera":1,"screen":1}}'],
    ['another message', '{"v":1}'],
    ['half of it', '{"v":1,"tiles":{"camera":1}}'],
    ['a wrong type', '{"v":1,"tiles":{"camera":"1","screen":1}}'],
    ['a negative height', '{"v":1,"tiles":{"camera":-1,"screen":1}}'],
    ['an absurd height', '{"v":1,"tiles":{"camera":1e9,"screen":1}}'],
    ['a null', 'null'],
    ['a flood', `{"v":1,"tiles":{"camera":1,"screen":1},"more":"${'x'.repeat(1000)}"}`],
  ])('ignores %s', (_, data) => expect(parseTileSizes(data)).toBeNull());
});
