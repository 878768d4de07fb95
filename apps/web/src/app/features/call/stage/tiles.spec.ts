import type { Participant } from '@webcall/domain';
import type { LinkState } from '@webcall/rtc';
import { spotlightOf, tilesOf } from './tiles';

const track = (id: string) => ({ id }) as MediaStreamTrack;
const person = (id: string, more: Partial<Participant> = {}): Participant => ({
  id,
  userId: `u-${id}`,
  name: id,
  role: 'member',
  media: { microphone: true, camera: true, screen: false, screenSound: false },
  held: [],
  hand: null,
  connected: true,
  incarnation: 0,
  ...more,
});
const sharing = { microphone: true, camera: false, screen: true, screenSound: false };
const self = {
  id: 'me',
  userId: 'u-me',
  name: 'Me',
  media: { microphone: false, camera: false, screen: false, screenSound: false },
  camera: null,
  screen: null,
  seat: null,
};
const connected = new Map<string, LinkState>([
  ['a', 'connected'],
  ['b', 'connected'],
]);
const facts = {
  self,
  others: [person('a'), person('b')],
  remote: new Map(),
  links: connected,
  qualities: new Map(),
  hands: [],
};

describe('tilesOf', () => {
  it('shows the others in the order of joining and oneself last', () => {
    expect(tilesOf(facts).map((t) => t.key)).toEqual(['a', 'b', 'me']);
  });

  it('puts screens first, beside the camera of the same person', () => {
    const others = [person('a'), person('b', { media: { ...sharing, camera: true } })];
    const remote = new Map([['b', { camera: track('cam'), screen: track('scr') }]]);
    const tiles = tilesOf({ ...facts, others, remote });
    expect(tiles.map((t) => t.key)).toEqual(['screen b', 'a', 'b', 'me']);
    expect(tiles.map((t) => t.track?.id)).toEqual(['scr', undefined, 'cam', undefined]);
    expect(spotlightOf(tiles, null)?.key).toBe('screen b');
    expect(spotlightOf(tiles, 'a')?.key).toBe('a');
    expect(spotlightOf(tiles, 'gone')?.key).toBe('screen b');
  });

  it('numbers the raised hands in their order, the own one too', () => {
    const mine = person('me', { hand: 4 });
    const tiles = tilesOf({ ...facts, self: { ...self, seat: mine }, hands: [person('b', { hand: 2 }), mine] });
    expect(tiles.map((t) => [t.key, t.hand])).toEqual([
      ['a', null],
      ['b', 1],
      ['me', 2],
    ]);
  });

  it('does not enlarge the own screen by itself', () => {
    const tiles = tilesOf({ ...facts, self: { ...self, screen: track('mine') } });
    expect(spotlightOf(tiles, null)).toBeNull();
  });

  it('shows no picture of a camera that is said to be off, whatever arrives', () => {
    const others = [person('a', { media: { ...sharing, screen: false } })];
    const remote = new Map([['a', { camera: track('stale') }]]);
    expect(tilesOf({ ...facts, others, remote })[0]?.track).toBeNull();
  });

  it.each([
    ['connected', true, null],
    ['connected', false, null],
    ['interrupted', true, 'interrupted'],
    ['interrupted', false, 'away'],
    ['failed', true, 'failed'],
    ['connecting', false, 'connecting'],
  ] as const)('with a link %s and a socket there: %s says %s', (link, there, trouble) => {
    const others = [person('a', { connected: there })];
    const links = new Map<string, LinkState>([['a', link]]);
    expect(tilesOf({ ...facts, others, links })[0]?.trouble).toBe(trouble);
  });
});
