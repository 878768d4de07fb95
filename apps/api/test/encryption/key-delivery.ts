import {
  base64UrlOf,
  bytesOfBase64Url,
  type DeviceName,
  type KeyDelivery,
  type OpenKeyRequest,
  type SignedKeyAnswer,
  type SignedKeyRequest,
} from '@webcall/encryption';
import { type CallRoute, unlessRefused } from './call-route';

/** What devices of a room ask each other for, over the endpoints of the server, for the device of the session. */
export class RestKeyDelivery implements KeyDelivery {
  constructor(
    private readonly roomId: string,
    private readonly callRoute: CallRoute,
  ) {}

  async sendKeyRequest(_asker: DeviceName, { request, signature }: SignedKeyRequest): Promise<void> {
    const body = { request: base64UrlOf(request), signature: base64UrlOf(signature) };
    await this.callRoute('PUT /rooms/:roomId/key-requests/own', { roomId: this.roomId, body });
  }

  async fetchKeyRequests(): Promise<readonly OpenKeyRequest[]> {
    const { requests } = await this.callRoute('GET /rooms/:roomId/key-requests', { roomId: this.roomId });
    return requests.flatMap(({ userId, deviceId, ...sent }) => {
      const [request, signature] = [bytesOfBase64Url(sent.request), bytesOfBase64Url(sent.signature)];
      return request && signature ? [{ asker: { userId, deviceId }, request: { request, signature } }] : [];
    });
  }

  async sendKeyAnswer(asker: DeviceName, _answerer: DeviceName, sent: SignedKeyAnswer): Promise<boolean> {
    const body = { answer: base64UrlOf(sent.answer), signature: base64UrlOf(sent.signature) };
    const request = { roomId: this.roomId, ...asker, body };
    const answered = this.callRoute('POST /rooms/:roomId/key-requests/:userId/:deviceId/answers', request);
    return (await unlessRefused(answered, 'key_request_not_found', { taken: false })).taken;
  }

  async fetchKeyAnswers(): Promise<readonly SignedKeyAnswer[]> {
    const found: SignedKeyAnswer[] = [];
    for (let from = 0; ; from++) {
      const request = { roomId: this.roomId, query: { from } };
      const next = (await this.callRoute('GET /rooms/:roomId/key-requests/own/answers', request)).answer;
      if (!next) return found;
      const [answer, signature] = [bytesOfBase64Url(next.answer), bytesOfBase64Url(next.signature)];
      if (answer && signature) found.push({ answer, signature });
    }
  }

  async deleteKeyRequest(): Promise<void> {
    await this.callRoute('DELETE /rooms/:roomId/key-requests/own', { roomId: this.roomId });
  }
}
