import { type CallJoinedDto, PROTOCOL_LIMITS } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { SignalDelivery } from '../../src/calls/signals/signal-delivery';
import { rest } from '../support/rest';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const METRICS_TOKEN = 'reads-the-figures-of-tests';
const server = useServer(() => startApp({ env: { METRICS_TOKEN } }));
const { connect } = server;
let anna: TestUser;
let boris: TestUser;
let roomId: string;
let a: TestSocket;
let b: TestSocket;

beforeAll(async () => {
  [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
});
beforeEach(async () => {
  roomId = (await newRoom(anna)).id;
  await bringIn(anna, roomId, boris);
  [a, b] = await Promise.all([connect(anna), connect(boris)]);
});

const join = (socket: TestSocket): Promise<CallJoinedDto> => socket.ask('call:join', { roomId });

describe('a signal', () => {
  let first: CallJoinedDto;
  let second: CallJoinedDto;
  const description = { type: 'offer' as const, sdp: 'v=0\r\nwhatever: ☃' };
  beforeEach(async () => {
    [first, second] = [await join(a), await join(b)];
  });

  it('reaches only its receiver, with the sender set by the server, and is acknowledged end to end', async () => {
    const others = await Promise.all([connect(anna), connect(boris)]);
    const [id, link] = [randomUUID(), randomUUID()];
    let acknowledge: (() => void) | undefined;
    a.raw.on('signal:received', (_: unknown, ack: () => void) => (acknowledge = ack));
    let answered = false;
    const sent = b.ask('signal:send', { to: first.participantId, id, link, description }).then(() => (answered = true));
    expect(await a.event('signal:received')).toEqual({ from: second.participantId, id, link, description });
    await b.ask('call:get', { roomId });
    expect(answered).toBe(false);
    acknowledge?.();
    await sent;
    const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'x' };
    a.raw.off('signal:received').on('signal:received', (_: unknown, ack: () => void) => ack());
    await b.ask('signal:send', { to: first.participantId, candidate });
    expect(a.events('signal:received')[1]).toEqual({ from: second.participantId, candidate });
    await Promise.all(others.map((socket) => socket.ask('call:get', { roomId })));
    for (const socket of [b, ...others]) expect(socket.events('signal:received')).toEqual([]);
  });

  it('is refused when the receiver’s socket is lost, or does not acknowledge it', async () => {
    const signal = { to: first.participantId, id: randomUUID(), description };
    const impatient = jest.replaceProperty(
      server.app.get(SignalDelivery, { strict: false }),
      'acknowledgeTimeoutMs',
      200,
    );
    expect(await b.refusal('signal:send', signal)).toBe('participant_away');
    impatient.restore();
    a.cut();
    await b.event('call:changed', ({ change }) => change.type === 'updated' && !change.participant.connected);
    const before = performance.now();
    expect(await b.refusal('signal:send', signal)).toBe('participant_away');
    // The refusal comes without waiting: an acknowledgement would have had 4 s.
    expect(performance.now() - before).toBeLessThan(4000);
    a = await connect(anna);
    a.raw.on('signal:received', (_: unknown, ack: () => void) => ack());
    const { participantId, resumeKey } = first;
    await a.ask('call:resume', { roomId, participantId, resumeKey });
    await b.ask('signal:send', signal);
  });

  it('without an id is delivered once, whether or not it is acknowledged', async () => {
    await b.ask('signal:send', { to: first.participantId, description });
    expect(await a.event('signal:received')).toEqual({ from: second.participantId, description });
    a.cut();
    await b.event('call:changed', ({ change }) => change.type === 'updated' && !change.participant.connected);
    expect(await b.refusal('signal:send', { to: first.participantId, description })).toBe('participant_away');
  });

  it.each([
    ['nothing', {}],
    ['both', { description, candidate: { candidate: '' } }],
    ['another type', { description: { type: 'hello' } }],
    ['too long a description', { description: { type: 'offer', sdp: 'x'.repeat(PROTOCOL_LIMITS.sdp.max + 1) } }],
  ])('is refused with %s in it', async (_, content) => {
    const signal = { to: first.participantId, ...content } as never;
    expect(await b.refusal('signal:send', signal)).toBe('invalid_input');
  });

  it('goes to nobody outside the call', async () => {
    const elsewhere = (await newRoom(anna)).id;
    const phone = await anna.rest.request('POST /auth/login', { body: { email: anna.email, password: anna.password } });
    const c = await TestSocket.connect(server.url, phone.body.accessToken);
    const other = await c.ask('call:join', { roomId: elsewhere });
    for (const to of [other.participantId, second.participantId, randomUUID()]) {
      expect(await b.refusal('signal:send', { to, description })).toBe('participant_not_found');
    }
    expect(await c.refusal('signal:send', { to: first.participantId, description })).toBe('participant_not_found');
    c.close();
  });
});

it('metrics count sockets, calls and messages, without names of rooms or people', async () => {
  const figures = async (): Promise<string> =>
    (await rest(server.url).send('GET', '/metrics', undefined, { authorization: `Bearer ${METRICS_TOKEN}` })).body;
  await join(a);
  await b.refusal('call:leave', {});
  await b.ask('chat:send', { roomId, id: randomUUID(), text: 'Hello' });
  await a.refusal('signal:send', { to: randomUUID(), candidate: { candidate: '' } });
  await a.ask('call:report', { links: { mended: 1, restarted: 2, rebuilt: 0 } });
  const text = await figures();
  for (const line of [
    /^webcall_sockets [2-9]/m,
    /^webcall_participants [1-9]/m,
    /^webcall_calls_started_total [1-9]/m,
    /^webcall_calls_ended_total \d/m,
    /^webcall_messages_total [1-9]/m,
    /^webcall_links_mended_total 1$/m,
    /^webcall_links_restarted_total 2$/m,
    /^webcall_links_rebuilt_total 0$/m,
    /^webcall_command_refusals_total\{command="call:leave",code="not_in_call"\} [1-9]/m,
    /^webcall_command_refusals_total\{command="signal:send",code="participant_not_found"\} [1-9]/m,
  ]) {
    expect(text).toMatch(line);
  }
  for (const secret of [roomId, anna.id, anna.username]) expect(text).not.toContain(secret);
});
