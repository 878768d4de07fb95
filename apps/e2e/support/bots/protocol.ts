/** What somebody hears of somebody else, counted from the beginning. */
export interface Hearing {
  /** Whom. */
  name: string;
  /** Samples played, and of them those that were made up for lack of packets. */
  samples: number;
  concealed: number;
  /** Loudness summed up: grows as long as there is sound. */
  energy: number;
}

/** What a crowd is made of. */
export interface CrowdOrder {
  url: string;
  code: string;
  roomId: string;
  names: string[];
}

/** To the process of the bots: `hear` asks for `heard`, `leave` ends it. */
export type ToBots = { type: 'enter'; order: CrowdOrder } | { type: 'hear' } | { type: 'leave' };

/** From the process of the bots. */
export type FromBots =
  { type: 'entered' } | { type: 'heard'; by: Record<string, Hearing[]> } | { type: 'failed'; reason: string };
