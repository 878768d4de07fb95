import {
  type CreateRoomDto,
  type MessagesDto,
  type RestAnswer,
  type RestRequest,
  type RestRequestArguments,
  type RestRoute,
  type RoomDto,
  toHttpRequest,
} from './index';

describe('toHttpRequest', () => {
  it('has the method, the whole path and the body', () => {
    const body = { name: 'Kitchen', visibility: 'public' } as const;
    expect(toHttpRequest('POST /rooms', { body })).toEqual({ method: 'POST', url: '/api/v1/rooms', body });
    expect(toHttpRequest('GET /rooms')).toEqual({ method: 'GET', url: '/api/v1/rooms' });
    expect(toHttpRequest('DELETE /rooms/:roomId/members/:userId', { roomId: 'r1', userId: 'u1' })).toEqual({
      method: 'DELETE',
      url: '/api/v1/rooms/r1/members/u1',
    });
  });

  it.each([
    ['a/b?c#d', 'a%2Fb%3Fc%23d'],
    ['..%2F', '..%252F'],
    ['$&', '%24%26'],
    [':roomId', '%3AroomId'],
    ['кот', '%D0%BA%D0%BE%D1%82'],
  ])('encodes the parameter %s', (code, encoded) =>
    expect(toHttpRequest('GET /invitations/:code', { code }).url).toBe(`/api/v1/invitations/${encoded}`),
  );

  it.each(['', '.', '..'])('refuses the parameter “%s”, which browsers take out of a path', (userId) =>
    expect(() => toHttpRequest('DELETE /rooms/:roomId/members/:userId', { roomId: 'r1', userId })).toThrow(RangeError),
  );

  it('encodes the query and leaves fields without a value out', () => {
    const query = { search: 'a b&c', cursor: null, limit: 5 };
    expect(toHttpRequest('GET /rooms/public', { query }).url).toBe('/api/v1/rooms/public?search=a+b%26c&limit=5');
    expect(toHttpRequest('GET /rooms/public', { query: { search: '', limit: undefined } }).url).toBe(
      '/api/v1/rooms/public',
    );
    expect(toHttpRequest('GET /rooms/:roomId/messages', { roomId: 'r1', query: { after: 0 } }).url).toBe(
      '/api/v1/rooms/r1/messages?after=0',
    );
  });
});

/** Nothing here runs: the type check fails when one of the marked lines compiles. */
declare function sendRequest<R extends RestRoute>(route: R, ...request: RestRequestArguments<R>): RestAnswer<R>;

export function refuseWrongRequests(room: CreateRoomDto, step: 'accept' | 'decline'): unknown[] {
  const roomId = 'r1';
  const created: RoomDto = sendRequest('POST /rooms', { body: room });
  const page: MessagesDto = sendRequest('GET /rooms/:roomId/messages', { roomId, query: { after: 7 } });
  const optional: RestRequest<'GET /rooms'>[] = [{}, { query: {} }, { query: { cursor: null, limit: 5 } }];
  return [
    created,
    page,
    optional,
    sendRequest('GET /rooms'),
    sendRequest(`POST /contacts/:userId/${step}`, { userId: 'u1' }),
    // @ts-expect-error there is no such endpoint
    sendRequest('GET /rooms/:id'),
    // @ts-expect-error the parameter is missing
    sendRequest('GET /rooms/:roomId'),
    // @ts-expect-error the parameter has another name
    sendRequest('GET /rooms/:roomId', { id: 'r1' }),
    // @ts-expect-error one of two parameters is missing
    sendRequest('DELETE /rooms/:roomId/members/:userId', { roomId }),
    // @ts-expect-error the endpoint has no parameters
    sendRequest('GET /rooms', { roomId }),
    // @ts-expect-error the body is missing
    sendRequest('POST /rooms'),
    // @ts-expect-error a field of the body has a wrong value
    sendRequest('POST /rooms', { body: { name: 'Kitchen', visibility: 'hidden' } }),
    // @ts-expect-error the body has a field too many
    sendRequest('POST /rooms', { body: { ...room, door: 'open' } }),
    // @ts-expect-error the endpoint takes no body
    sendRequest('POST /auth/logout', { body: {} }),
    // @ts-expect-error the endpoint takes no query
    sendRequest('GET /rooms/:roomId', { roomId, query: { limit: 5 } }),
    // @ts-expect-error the query has no such field
    sendRequest('GET /rooms', { query: { search: 'kitchen' } }),
    // @ts-expect-error a field of the query is required
    sendRequest('GET /rooms/:roomId/messages/changes', { roomId }),
    // @ts-expect-error a required field of the query cannot be null
    sendRequest('GET /rooms/:roomId/messages/changes', { roomId, query: { after: null } }),
    // @ts-expect-error the answer is another one
    sendRequest('GET /rooms') satisfies RoomDto,
  ];
}
