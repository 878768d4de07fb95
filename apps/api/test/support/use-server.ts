import { TestSocket } from './sockets';
import { startApp, type TestApp, type TestUser } from './test-app';

/** The server that the tests of a file or a `describe` share. Usable from their first hook on. */
export interface SharedServer extends Omit<TestApp, 'close'> {
  /** Opens a socket, which is closed after the test; `token` replaces the user's own. */
  connect: (user: Pick<TestUser, 'rest'>, token?: string) => Promise<TestSocket>;
}

/** Declares a server for the following tests: it starts before the first and stops after the last. */
export function useServer(start: () => Promise<TestApp> = startApp): SharedServer {
  let server: TestApp;
  const sockets: TestSocket[] = [];

  beforeAll(async () => {
    server = await start();
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  afterAll(() => server.close());

  return {
    get url() {
      return server.url;
    },
    get app() {
      return server.app;
    },
    get db() {
      return server.db;
    },
    connect: async ({ rest }, token = rest.token) => {
      const socket = await TestSocket.connect(server.url, token);
      sockets.push(socket);
      return socket;
    },
  };
}
