import type { ContactDto, RoomDto } from '@webcall/contracts';
import type { TestUser } from './test-app';

/** Makes two users contacts. */
export async function befriend(one: TestUser, other: TestUser): Promise<void> {
  await one.rest.request('POST /contacts', { body: { userId: other.id } });
  const { status, body } = await other.rest.request('POST /contacts/:userId/accept', { userId: one.id });
  if (status !== 200) throw new Error(`accepting was answered with ${status}: ${JSON.stringify(body)}`);
}

/** The direct room of two contacts. */
export async function directRoom(one: TestUser, other: TestUser): Promise<RoomDto> {
  const { status, body } = await one.rest.request('POST /contacts/:userId/room', { userId: other.id });
  if (status !== 200) throw new Error(`opening the room was answered with ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** All users with a visible relation to a user, by id. */
export async function contactsOf(user: TestUser): Promise<Record<string, ContactDto>> {
  const { body } = await user.rest.request('GET /contacts');
  return Object.fromEntries(body.contacts.map((contact) => [contact.userId, contact]));
}
