import type { SignalReceivedEvent, SignalSendDto } from '@webcall/contracts';
import type { CallChange, MediaKind, MediaState, Participant } from '@webcall/domain';
import type { LinkState, MendCause, Quality, TileSizes } from '@webcall/rtc';

/** What a page asks the relay. */
export type RelayCommand =
  | { type: 'join'; media: MediaState }
  | { type: 'resume'; fresh: boolean }
  | { type: 'update'; media: MediaState }
  | { type: 'signal'; signal: SignalSendDto }
  | { type: 'leave' };

/** What a page gets for its seat. */
export interface Seated {
  selfId: string;
  participants: Participant[];
}

/** The call from a page to the relay; only `join` and `resume` bring something back. */
export type RelayCall = (command: RelayCommand) => Promise<Seated>;

/** What the relay tells a page. */
export type Incoming =
  { type: 'signal'; signal: SignalReceivedEvent } | { type: 'change'; change: CallChange } | { type: 'reconnected' };

/** Received so far, of one kind of one participant. */
export interface Received {
  frames?: number;
  samples?: number;
  energy?: number;
  packets?: number;
  height?: number;
}

/** What the spec asks a page to do. */
export interface HarnessApi {
  open(kind: MediaKind): Promise<void>;
  shut(kind: MediaKind): Promise<void>;
  /** The MIME types that were agreed on for the page's speech, one for each link. */
  codecs(): (string | undefined)[];
  /** Keeps the microphone open but silent. */
  hush(): void;
  join(): Promise<void>;
  resumeFresh(): Promise<void>;
  leave(): Promise<void>;
  /** The page's own network changed. */
  online(): void;
  /**
   * How loud samples at 48 kHz are before and after the noise filter, in dB of full scale; null: white noise. Listens for
   * as long as it takes the filter to make them that much quieter, but not for ever.
   */
  filtered(samples: number[] | null, drop: number): Promise<{ before: number; after: number }>;
  /** How tall the page shows the pictures of everyone else. */
  show(sizes: TileSizes): void;
  /** Stops to send that kind over the links there are, without a word: as if they carried nothing any more. */
  sendNothing(kind: MediaKind): void;
  receive(incoming: Incoming): void;
  states(): Record<string, LinkState>;
  stats(): Promise<Record<string, Partial<Record<MediaKind, Received>>>>;
  qualities(): Record<string, Quality>;
  failures(): string[];
  mended(): MendCause[];
  /** How many RTCPeerConnections the page has made since it joined. */
  connectionsMade(): number;
}
