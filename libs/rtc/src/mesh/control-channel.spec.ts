import { FakeConnection } from './testing/fake-connection';
import { ControlChannel, tilesOf } from './control-channel';
import { Scope } from '@webcall/base';

describe('ControlChannel', () => {
  const begin = () => {
    const pc = new FakeConnection();
    return { pc, control: new ControlChannel(pc as unknown as RTCPeerConnection, new Scope()) };
  };

  it('tells the newest wish when it opens, and each later one', () => {
    const { pc, control } = begin();
    control.show({ camera: 90, screen: 0 });
    control.show({ camera: 180, screen: 0 });
    expect(pc.channel.sent).toEqual([]);
    pc.channel.open();
    control.show({ camera: 0, screen: 720 });
    expect(pc.channel.sent.map((text) => tilesOf(text))).toEqual([
      { camera: 180, screen: 0 },
      { camera: 0, screen: 720 },
    ]);
  });

  it('takes what the other side wishes', () => {
    const { pc, control } = begin();
    const heard: unknown[] = [];
    control.events.on('tiles', (tiles) => heard.push(tiles));
    pc.channel.receive('{"v":1,"tiles":{"camera":360,"screen":0}}');
    expect(heard).toEqual([{ camera: 360, screen: 0 }]);
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
  ])('ignores %s', (_, data) => expect(tilesOf(data)).toBeNull());
});
