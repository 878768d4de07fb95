import type { SignalReceivedEvent, SignalSendDto } from '@webcall/contracts';
import type { CallChange, MediaKind, MediaState, Participant } from '@webcall/domain';
import type { LinkQuality, LinkRepairKind, LinkState, TileSizes } from '@webcall/rtc';

/** A command of a page to the relay. */
export type RelayCommand =
  | { type: 'join'; media: MediaState }
  | { type: 'resume'; fresh: boolean }
  | { type: 'update'; media: MediaState }
  | { type: 'signal'; signal: SignalSendDto }
  | { type: 'leave' };

/** The answer to a page that takes a seat. */
export interface Seated {
  selfId: string;
  participants: Participant[];
}

/** Sends a command to the relay; only the answers to `join` and `resume` matter. */
export type RelayCall = (command: RelayCommand) => Promise<Seated>;

/** A message from the relay to a page. */
export type Incoming =
  { type: 'signal'; signal: SignalReceivedEvent } | { type: 'change'; change: CallChange } | { type: 'reconnected' };

/** Totals received so far of one media kind of one participant. */
export interface Received {
  frames?: number;
  samples?: number;
  energy?: number;
  packets?: number;
  height?: number;
}

/** The functions of a page that specs call. */
export interface HarnessApi {
  open(kind: MediaKind): Promise<void>;
  shut(kind: MediaKind): Promise<void>;
  /** The negotiated MIME type of the page's speech, for each link. */
  codecs(): (string | undefined)[];
  /** Keeps the microphone open but silent. */
  hush(): void;
  join(): Promise<void>;
  resumeFresh(): Promise<void>;
  leave(): Promise<void>;
  /** The page's own network changed. */
  online(): void;
  /** The loudness of samples at 48 kHz, over and over, as they run and behind the noise filter, in dB of full scale. */
  filtered(samples: number[]): Promise<{ before: number; after: number }>;
  /** The same, rendered as fast as the machine can: it says the same on a busy one. Measured once the filter adapted. */
  filteredOffline(samples: number[]): Promise<{ before: number; after: number }>;
  /** Sets how tall the page shows the pictures of all other participants. */
  show(sizes: TileSizes): void;
  /** Silently stops sending a media kind over the existing links, like links that no longer carry data. */
  sendNothing(kind: MediaKind): void;
  receive(incoming: Incoming): void;
  states(): Record<string, LinkState>;
  stats(): Promise<Record<string, Partial<Record<MediaKind, Received>>>>;
  qualities(): Record<string, LinkQuality>;
  failures(): string[];
  mended(): LinkRepairKind[];
  /** How many RTCPeerConnections the page has made since it joined. */
  connectionsMade(): number;
}
