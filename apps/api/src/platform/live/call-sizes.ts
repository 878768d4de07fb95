/** How many participants the running calls have: what rooms show of calls without knowing them. */
export abstract class CallSizes {
  /** @returns the number of participants by room id; rooms without a call are left out */
  abstract callSizes(roomIds: readonly string[]): Promise<Map<string, number>>;
}
