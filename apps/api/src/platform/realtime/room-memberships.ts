/** What the sockets need to know of rooms: implemented by the feature that owns them. */
export abstract class RoomMemberships {
  /** @returns ids of the rooms that each of the users is in; who is in none is left out */
  abstract roomIdsOf(userIds: readonly string[]): Promise<Map<string, string[]>>;
}
