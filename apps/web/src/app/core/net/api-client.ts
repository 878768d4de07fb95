import { inject, Injectable } from '@angular/core';
import type { RestAnswer, RestRequestArguments, RestRoute } from '@webcall/contracts';
import { AccessTokenStore } from '../session/access-token-store';
import { ApiError, isApiError } from './api-error';
import { sendHttpRequest } from './http-request';
import { LineState } from './line-state';

/** Client of the REST API. */
@Injectable({ providedIn: 'root' })
export class ApiClient {
  private readonly access = inject(AccessTokenStore);
  private readonly line = inject(LineState);

  /**
   * Sends a request to an endpoint; a token that has expired is renewed first. What changes something fails at once
   * while the line is cut, and does not hang on it until nobody wants it any more; what only reads is repeated.
   * @throws ApiError for every failure
   */
  async sendRequest<R extends RestRoute>(route: R, ...request: RestRequestArguments<R>): Promise<RestAnswer<R>> {
    if (this.line.isCutOff() && !route.startsWith('GET ')) throw new ApiError('offline', 'There is no connection.');
    const token = this.access.grant()?.token ?? null;
    try {
      return await sendHttpRequest(token, route, ...request);
    } catch (error) {
      if (!token || !isApiError(error)) throw error;
      if (error.code === 'session_ended') this.access.loseAccessGrant(error);
      if (error.code !== 'token_expired') throw error;
      const renewed = this.access.grant()?.token;
      const fresh = renewed && renewed !== token ? renewed : (await this.access.refreshAccessGrant()).token;
      return sendHttpRequest(fresh, route, ...request);
    }
  }
}
