import type { Page } from '@playwright/test';

/**
 * Manipulates a page's client: its sound cannot be turned off, its tracks cannot be stopped or removed, its connections
 * cannot be closed, and tests can send any command over its socket.
 */
export async function cheat(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const sockets: WebSocket[] = [];
    Object.defineProperty(window, 'testSockets', { value: sockets });
    window.WebSocket = class extends WebSocket {
      constructor(...args: ConstructorParameters<typeof WebSocket>) {
        super(...args);
        sockets.push(this);
      }
    };
    Object.defineProperty(MediaStreamTrack.prototype, 'enabled', { get: () => true, set: () => undefined });
    MediaStreamTrack.prototype.stop = () => undefined;
    RTCPeerConnection.prototype.close = () => undefined;
    const replaceTrack = Object.getOwnPropertyDescriptor(RTCRtpSender.prototype, 'replaceTrack')
      ?.value as RTCRtpSender['replaceTrack'];
    RTCRtpSender.prototype.replaceTrack = function (track) {
      return track ? replaceTrack.call(this, track) : Promise.resolve();
    };
  });
}

/** Sends a command over the page's own socket, bypassing its client. */
export async function command(page: Page, name: string, data: object): Promise<void> {
  await page.evaluate(
    (packet) => {
      const sockets = (window as unknown as { testSockets: WebSocket[] }).testSockets;
      sockets.findLast((socket) => socket.readyState === WebSocket.OPEN)?.send(packet);
    },
    `429999${JSON.stringify([name, data])}`,
  );
}
