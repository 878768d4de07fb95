import { inject, Injectable } from '@angular/core';
import type { RestAnswer, RestRequestArguments, RestRoute } from '@webcall/contracts';
import { AccessTokenStore } from '../session/access-token-store';
import { isApiError } from './api-error';
import { sendHttpRequest } from './http-request';

/** Client of the REST API. */
@Injectable({ providedIn: 'root' })
export class ApiClient {
  private readonly access = inject(AccessTokenStore);

  /**
   * Sends a request to an endpoint; a token that has expired is renewed first. The state of the socket says nothing about
   * it: a proxy or a network can refuse one and pass the other.
   * @throws ApiError for every failure
   */
  async sendRequest<R extends RestRoute>(route: R, ...request: RestRequestArguments<R>): Promise<RestAnswer<R>> {
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
