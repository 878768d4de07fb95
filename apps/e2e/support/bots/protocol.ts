/** What one participant hears of another, counted from the beginning. */
export interface Hearing {
  /** Name of the participant who is heard. */
  name: string;
  /** Samples played, and how many of them were concealed because packets were missing. */
  samples: number;
  concealed: number;
  /** Total energy: grows as long as there is sound. */
  energy: number;
}

/** The server, room and names for a crowd. */
export interface CrowdOrder {
  url: string;
  code: string;
  roomId: string;
  names: string[];
}

/** Messages to the process of the bots: `hear` is answered by `heard`, `leave` ends the process. */
export type ToBots = { type: 'enter'; order: CrowdOrder } | { type: 'hear' } | { type: 'leave' };

/** Messages from the process of the bots. */
export type FromBots =
  { type: 'entered' } | { type: 'heard'; by: Record<string, Hearing[]> } | { type: 'failed'; reason: string };
