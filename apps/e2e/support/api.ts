import type {
  ChatSent,
  CommandAck,
  MessageDto,
  MessagesDto,
  RoomDto,
  SessionsDto,
  SignedInDto,
} from '@webcall/contracts';
import { io } from 'socket.io-client';
import { PASSWORD, type Person, serverUrl } from './people';

/** Signs a person in outside their browser. @returns the access token */
async function tokenOf(person: Person): Promise<string> {
  const answer = await fetch(`${serverUrl()}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: person.email, password: PASSWORD }),
  });
  const { accessToken } = (await answer.json()) as SignedInDto;
  return accessToken;
}

/** Sends a command over a new socket, like another device of the person. @returns the error code, or null */
export async function refusalOf(person: Person, command: string, payload: object): Promise<string | null> {
  const socket = io(serverUrl(), { auth: { token: await tokenOf(person) }, transports: ['websocket'], forceNew: true });
  const answer = (await socket.emitWithAck(command, payload)) as CommandAck<object>;
  socket.disconnect();
  return answer.ok ? null : answer.error.code;
}

/** Signs a person's browser out, like another device of theirs. */
export async function endOtherSessions(person: Person): Promise<void> {
  const headers = { authorization: `Bearer ${await tokenOf(person)}` };
  const url = `${serverUrl()}/api/v1/auth/sessions`;
  const { sessions } = (await (await fetch(url, { headers })).json()) as SessionsDto;
  for (const { id, current } of sessions) if (!current) await fetch(`${url}/${id}`, { method: 'DELETE', headers });
}

/** Deletes a person's account, like another device of theirs. */
export async function deleteAccount(person: Person): Promise<void> {
  await fetch(`${serverUrl()}/api/v1/auth/me`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${await tokenOf(person)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ password: PASSWORD }),
  });
}

/** Writes `line 1` … `line <count>` into a room, like another device of the person. */
export async function postMessages(person: Person, roomId: RoomDto['id'], count: number): Promise<void> {
  const socket = io(serverUrl(), { auth: { token: await tokenOf(person) }, transports: ['websocket'], forceNew: true });
  for (let i = 1; i <= count; i += 1) {
    const payload = { roomId, id: crypto.randomUUID(), text: `line ${i}` };
    const answer = (await socket.emitWithAck('chat:send', payload)) as CommandAck<ChatSent>;
    if (!answer.ok) throw new Error(answer.error.message);
  }
  socket.disconnect();
}

/** Every message of a room, in the server's order. */
export async function readMessages(person: Person, roomId: RoomDto['id']): Promise<MessageDto[]> {
  const headers = { authorization: `Bearer ${await tokenOf(person)}` };
  const all: MessageDto[] = [];
  for (let more = true; more;) {
    const page = `${serverUrl()}/api/v1/rooms/${roomId}/messages?after=${all.at(-1)?.seq ?? 0}&limit=100`;
    const { messages } = (await (await fetch(page, { headers })).json()) as MessagesDto;
    all.push(...messages);
    more = messages.length > 0;
  }
  return all;
}
