import type { ContactDto, ContactsDto, RoomDto } from '@webcall/contracts';
import type { TestUser } from './test-app';

/** Makes two users contacts. */
export async function befriend(one: TestUser, other: TestUser): Promise<void> {
  await one.rest.post('/contacts', { userId: other.id });
  const { status, body } = await other.rest.post(`/contacts/${one.id}/accept`);
  if (status !== 200) throw new Error(`accepting was answered with ${status}: ${JSON.stringify(body)}`);
}

/** The direct room of two contacts. */
export async function directRoom(one: TestUser, other: TestUser): Promise<RoomDto> {
  const { status, body } = await one.rest.post(`/contacts/${other.id}/room`);
  if (status !== 200) throw new Error(`opening the room was answered with ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** All users with a visible relation to a user, by id. */
export async function contactsOf(user: TestUser): Promise<Record<string, ContactDto>> {
  const { body } = await user.rest.get('/contacts');
  return Object.fromEntries((body as ContactsDto).contacts.map((contact) => [contact.userId, contact]));
}
