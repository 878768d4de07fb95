import type { MediaState, Participant } from '@webcall/domain';
import type { LinkState, Quality } from '@webcall/rtc';

/** One picture on the stage: a person, or a screen that somebody shares. */
export interface TileModel {
  key: string;
  kind: 'person' | 'screen';
  participantId: string;
  userId: string;
  name: string;
  self: boolean;
  /** What to show; null: the person's avatar. */
  track: MediaStreamTrack | null;
  muted: boolean;
  /** The person's seat; null on a screen, which is nobody's face. */
  seat: Participant | null;
  /** Place in the order of raised hands, from 1; null with the hand down. */
  hand: number | null;
  /** Null when there is nothing to say about it. */
  trouble: 'connecting' | 'interrupted' | 'failed' | 'away' | null;
  quality: Quality | null;
}

interface Self {
  id: string;
  userId: string;
  name: string;
  media: MediaState;
  camera: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
  seat: Participant | null;
}

interface Facts {
  self: Self;
  others: readonly Participant[];
  remote: ReadonlyMap<string, { camera?: MediaStreamTrack; screen?: MediaStreamTrack }>;
  links: ReadonlyMap<string, LinkState>;
  qualities: ReadonlyMap<string, Quality>;
  /** Those whose hand is up, in order. */
  hands: readonly Participant[];
}

/** Screens first, then the others in the order of joining, oneself last. */
export function tilesOf({ self, others, remote, links, qualities, hands }: Facts): TileModel[] {
  const handOf = (participantId: string): number | null =>
    hands.findIndex(({ id }) => id === participantId) + 1 || null;
  const people = others.map((p): TileModel => {
    const { id, userId, name, media } = p;
    return {
      key: id,
      kind: 'person',
      participantId: id,
      userId,
      name,
      self: false,
      track: media.camera ? (remote.get(id)?.camera ?? null) : null,
      muted: !media.microphone,
      seat: p,
      hand: handOf(id),
      trouble: troubleOf(links.get(id) ?? 'connecting', p.connected),
      quality: qualities.get(id) ?? null,
    };
  });
  const screens = others
    .filter(({ media }) => media.screen)
    .map(({ id, userId, name }): TileModel => {
      const track = remote.get(id)?.screen ?? null;
      return { ...SCREEN, key: `screen ${id}`, participantId: id, userId, name, track, self: false };
    });
  const own: TileModel = {
    ...SCREEN,
    key: self.id,
    kind: 'person',
    participantId: self.id,
    userId: self.userId,
    name: self.name,
    self: true,
    track: self.camera,
    muted: !self.media.microphone,
    seat: self.seat,
    hand: handOf(self.id),
  };
  const ownScreen = self.screen ? [{ ...own, ...SCREEN, key: `screen ${self.id}`, track: self.screen }] : [];
  return [...screens, ...people, own, ...ownScreen];
}

/** The tile that is shown large: the chosen one, or else a screen that somebody else shares. */
export function spotlightOf(tiles: readonly TileModel[], pinned: string | null): TileModel | null {
  return tiles.find((t) => t.key === pinned) ?? tiles.find((t) => t.kind === 'screen' && !t.self) ?? null;
}

const SCREEN = { kind: 'screen' as const, muted: false, seat: null, hand: null, trouble: null, quality: null };

/** A device without its socket still sends; it is in trouble only when its media stop too. */
function troubleOf(link: LinkState, connected: boolean): TileModel['trouble'] {
  if (link === 'connected') return null;
  return connected || link === 'connecting' ? link : 'away';
}
