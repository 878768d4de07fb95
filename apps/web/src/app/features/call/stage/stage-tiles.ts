import type { MediaState, Participant } from '@webcall/domain';
import type { LinkQuality, LinkState } from '@webcall/rtc';

/** One picture on the stage: a person or a shared screen. */
export interface TileModel {
  key: string;
  kind: 'person' | 'screen';
  participantId: string;
  userId: string;
  name: string;
  self: boolean;
  /** Null shows the person's avatar. */
  track: MediaStreamTrack | null;
  muted: boolean;
  /** The person's seat; null for a screen. */
  seat: Participant | null;
  /** Position among the raised hands, from 1; null if the hand is down. */
  hand: number | null;
  /** Null when the link works. */
  trouble: 'connecting' | 'interrupted' | 'failed' | 'away' | null;
  quality: LinkQuality | null;
}

interface OwnTileSource {
  id: string;
  userId: string;
  name: string;
  media: MediaState;
  camera: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
  seat: Participant | null;
}

interface StageTileSources {
  self: OwnTileSource;
  others: readonly Participant[];
  remote: ReadonlyMap<string, { camera?: MediaStreamTrack; screen?: MediaStreamTrack }>;
  links: ReadonlyMap<string, LinkState>;
  qualities: ReadonlyMap<string, LinkQuality>;
  /** Participants with a raised hand, in order. */
  hands: readonly Participant[];
}

/** Builds the tiles: screens first, then other participants in the order of joining, the user last. */
export function buildStageTiles({ self, others, remote, links, qualities, hands }: StageTileSources): TileModel[] {
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
      trouble: linkTroubleOf(links.get(id) ?? 'connecting', p.connected),
      quality: qualities.get(id) ?? null,
    };
  });
  const screens = others
    .filter(({ media }) => media.screen)
    .map(({ id, userId, name }): TileModel => {
      const track = remote.get(id)?.screen ?? null;
      return { ...SCREEN_TILE, key: `screen ${id}`, participantId: id, userId, name, track, self: false };
    });
  const own: TileModel = {
    ...SCREEN_TILE,
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
  const ownScreen = self.screen ? [{ ...own, ...SCREEN_TILE, key: `screen ${self.id}`, track: self.screen }] : [];
  return [...screens, ...people, own, ...ownScreen];
}

/**
 * @returns the tile to show large: the pinned one, or else a screen shared by another participant, or else the other one
 * of two people of whom the user shares a screen
 */
export function spotlightTileOf(tiles: readonly TileModel[], pinned: string | null): TileModel | null {
  const others = tiles.filter(({ self }) => !self);
  const isSharing = tiles.some(({ kind, self }) => kind === 'screen' && self);
  const otherOfTwo = isSharing && others.length === 1 ? others[0] : undefined;
  return tiles.find((t) => t.key === pinned) ?? others.find(({ kind }) => kind === 'screen') ?? otherOfTwo ?? null;
}

/** @returns the own tile, to be shown over the other one, if these two people are all there is to see */
export function insetTileOf(tiles: readonly TileModel[]): TileModel | null {
  const isCallOfTwo = tiles.length === 2 && tiles.every(({ kind }) => kind === 'person');
  return isCallOfTwo ? (tiles.find(({ self }) => self) ?? null) : null;
}

const SCREEN_TILE = { kind: 'screen' as const, muted: false, seat: null, hand: null, trouble: null, quality: null };

/** A device that lost its socket still sends media; only when these stop too is it in trouble. */
function linkTroubleOf(link: LinkState, connected: boolean): TileModel['trouble'] {
  if (link === 'connected') return null;
  return connected || link === 'connecting' ? link : 'away';
}
