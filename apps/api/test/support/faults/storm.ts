import type { MessageDto } from '@webcall/contracts';
import { ChatClient } from '../chat-client';
import { randomFrom } from '../random';
import { bringIn, newRoom, newUser, type TestApp, type TestUser } from '../test-app';

/** The outcome of a storm. */
export interface Storm {
  roomId: string;
  owner: TestUser;
  texts: string[];
  /** The messages that each client has read, in its order. */
  read: MessageDto[][];
  cuts: number;
}

/** Four clients post to one room at once, over connections that break all the time, until all have read everything. */
export async function storm(server: Pick<TestApp, 'url'>, urls: readonly string[], count: number): Promise<Storm> {
  const users = await Promise.all(['anna', 'boris', 'clara', 'dmitri'].map((name) => newUser(server, name)));
  const [owner] = users as [TestUser, ...TestUser[]];
  const { id: roomId } = await newRoom(owner);
  for (const user of users.slice(1)) await bringIn(owner, roomId, user);
  const random = randomFrom(count);
  const clients = users.map(
    (user, i) => new ChatClient(user, roomId, [...urls.slice(i % urls.length), ...urls], random),
  );
  const shares = users.map((user) =>
    Array.from({ length: count / users.length }, (_, i) => `${i} of ${user.username}`),
  );
  await Promise.all([
    ...clients.map((client) => client.reads(count)),
    ...clients.map((client, i) => client.post(shares[i] ?? [])),
  ]);
  for (const client of clients) await client.close();
  return {
    roomId,
    owner,
    texts: shares.flat(),
    read: clients.map((client) => [...client.timeline.messages]),
    cuts: clients.reduce((sum, client) => sum + client.cuts, 0),
  };
}
