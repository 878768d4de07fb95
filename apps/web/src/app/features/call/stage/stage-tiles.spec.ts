import type { Participant } from '@webcall/domain';
import type { LinkState } from '@webcall/rtc';
import { buildStageTiles, insetTileOf, spotlightTileOf } from './stage-tiles';

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

describe('buildStageTiles', () => {
  it('shows the other participants in the order of joining and the user last', () => {
    expect(buildStageTiles(facts).map((t) => t.key)).toEqual(['a', 'b', 'me']);
  });

  it('puts screens first, in addition to the camera of the same person', () => {
    const others = [person('a'), person('b', { media: { ...sharing, camera: true } })];
    const remote = new Map([['b', { camera: track('cam'), screen: track('scr') }]]);
    const tiles = buildStageTiles({ ...facts, others, remote });
    expect(tiles.map((t) => t.key)).toEqual(['screen b', 'a', 'b', 'me']);
    expect(tiles.map((t) => t.track?.id)).toEqual(['scr', undefined, 'cam', undefined]);
    expect(spotlightTileOf(tiles, null)?.key).toBe('screen b');
    expect(spotlightTileOf(tiles, 'a')?.key).toBe('a');
    expect(spotlightTileOf(tiles, 'gone')?.key).toBe('screen b');
  });

  it('numbers the raised hands in order, including the own hand', () => {
    const mine = person('me', { hand: 4 });
    const tiles = buildStageTiles({ ...facts, self: { ...self, seat: mine }, hands: [person('b', { hand: 2 }), mine] });
    expect(tiles.map((t) => [t.key, t.hand])).toEqual([
      ['a', null],
      ['b', 1],
      ['me', 2],
    ]);
  });

  it('shows the other one of two people large to whoever shares a screen', () => {
    const sources = { ...facts, others: [person('a')], self: { ...self, screen: track('mine') } };
    expect(spotlightTileOf(buildStageTiles(sources), null)?.key).toBe('a');
  });

  it('does not enlarge the own screen automatically', () => {
    const tiles = buildStageTiles({ ...facts, self: { ...self, screen: track('mine') } });
    expect(spotlightTileOf(tiles, null)).toBeNull();
  });

  it('shows no picture of a camera that is off, even if a track arrives', () => {
    const others = [person('a', { media: { ...sharing, screen: false } })];
    const remote = new Map([['a', { camera: track('stale') }]]);
    expect(buildStageTiles({ ...facts, others, remote })[0]?.track).toBeNull();
  });

  it.each([
    ['connected', true, null],
    ['connected', false, null],
    ['interrupted', true, 'interrupted'],
    ['interrupted', false, 'away'],
    ['failed', true, 'failed'],
    ['connecting', false, 'connecting'],
  ] as const)('with link %s and connected: %s reports trouble %s', (link, there, trouble) => {
    const others = [person('a', { connected: there })];
    const links = new Map<string, LinkState>([['a', link]]);
    expect(buildStageTiles({ ...facts, others, links })[0]?.trouble).toBe(trouble);
  });
});

describe('insetTileOf', () => {
  const two = { ...facts, others: [person('a')] };

  it('is the own tile in a call of two', () => {
    expect(insetTileOf(buildStageTiles(two))?.key).toBe('me');
  });

  it.each([
    ['alone', { ...facts, others: [] }],
    ['alone with a shared screen', { ...facts, others: [], self: { ...self, screen: track('mine') } }],
    ['with three people', facts],
    ['while the other shares a screen', { ...facts, others: [person('a', { media: sharing })] }],
    ['while one shares a screen oneself', { ...two, self: { ...self, screen: track('mine') } }],
  ])('is none %s', (_, sources) => expect(insetTileOf(buildStageTiles(sources))).toBeNull());
});
