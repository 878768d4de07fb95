import type { Observable } from 'rxjs';

/** Who is in which call: implemented by the feature that owns calls. */
export abstract class Occupied {
  /** Ids of users who came into a call or are in one no more, each told by one replica only. */
  abstract readonly changed: Observable<string>;

  /** @returns the rooms in whose calls each of the users has a seat; who has none is left out */
  abstract roomsOf(userIds: readonly string[]): Promise<Map<string, string[]>>;
}
