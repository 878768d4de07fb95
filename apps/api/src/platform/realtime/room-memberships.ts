/** What the sockets need to know of rooms: implemented by the feature that owns them. */
export abstract class RoomMemberships {
  /** @returns ids of the rooms that a user is in */
  abstract roomIds(userId: string): Promise<string[]>;
}
