import { MemoryServer } from '../testing/memory-server';
import { TestKeys } from '../testing/test-keys';
import { MOST_KEY_ANSWERS, MOST_KEY_ANSWERS_OF_USER } from './ports';

const DAY = 86_400_000;

let room: TestKeys;
let server: MemoryServer;

beforeEach(async () => {
  room = await TestKeys.create();
  server = new MemoryServer();
});

it('passes on what devices ask each other, and what they answer', async () => {
  const [asker, answerer] = [room.laptop, room.ann.device];
  await server.sendKeyRequest(asker, await room.ask(asker));
  expect(await server.fetchKeyRequests(asker)).toEqual([]);
  const [open] = await server.fetchKeyRequests(answerer);
  const answer = await room.answerTo(open!.request);
  expect(await server.sendKeyAnswer(open!.asker, answerer, answer)).toBe(true);
  const [taken] = await server.fetchKeyAnswers(asker);
  expect(await room.take(open!.request, taken!)).toMatchObject({ epochs: [{ epoch: 3 }] });
  await server.deleteKeyRequest(asker);
  expect([await server.fetchKeyRequests(answerer), await server.fetchKeyAnswers(asker)]).toEqual([[], []]);
});

it('takes one answer of a device, a few of a user, and a few of all', async () => {
  const request = await room.ask(room.laptop);
  await server.sendKeyRequest(room.laptop, request);
  const [answer, other] = [await room.answerTo(request), await room.answerTo(request)];
  const send = (deviceId: string, sent = answer, userId = 'eve') =>
    server.sendKeyAnswer(room.laptop, { userId, deviceId }, sent);
  expect([await send('0'), await send('0'), await send('0', other)]).toEqual([true, true, false]);
  for (let number = 1; number < MOST_KEY_ANSWERS_OF_USER; number++) expect(await send(`${number}`)).toBe(true);
  expect(await send('last')).toBe(false);
  for (let number = MOST_KEY_ANSWERS_OF_USER; number < MOST_KEY_ANSWERS; number++)
    expect(await send('0', answer, `other ${number}`)).toBe(true);
  expect(await send('0', answer, 'last')).toBe(false);
});

it('forgets answers to a request before, and a request after a day', async () => {
  const request = await room.ask(room.laptop);
  const answer = await room.answerTo(request);
  await server.sendKeyRequest(room.laptop, request);
  await server.sendKeyAnswer(room.laptop, room.ann.device, answer);
  await server.sendKeyRequest(room.laptop, await room.ask(room.laptop));
  expect(await server.fetchKeyAnswers(room.laptop)).toEqual([]);
  server.time += DAY;
  expect(await server.fetchKeyRequests(room.ann.device)).toEqual([]);
  expect(await server.sendKeyAnswer(room.laptop, room.ann.device, answer)).toBe(false);
});
