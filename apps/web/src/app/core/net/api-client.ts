import { inject, Injectable } from '@angular/core';
import { AccessTokenStore } from '../session/access-token-store';
import { isApiError } from './api-error';
import { type HttpRequest, sendHttpRequest } from './http-request';

/** Client of the REST API. Paths are without `/api/v1`; every failure is an ApiError. */
@Injectable({ providedIn: 'root' })
export class ApiClient {
  private readonly access = inject(AccessTokenStore);

  get<T>(path: string, query?: object): Promise<T> {
    return this.sendWithAccessToken<T>({ method: 'GET', path, query });
  }

  post<T = void>(path: string, body?: object): Promise<T> {
    return this.sendWithAccessToken<T>({ method: 'POST', path, body });
  }

  put<T>(path: string, body?: object): Promise<T> {
    return this.sendWithAccessToken<T>({ method: 'PUT', path, body });
  }

  patch<T>(path: string, body: object): Promise<T> {
    return this.sendWithAccessToken<T>({ method: 'PATCH', path, body });
  }

  delete(path: string, body?: object): Promise<void> {
    return this.sendWithAccessToken<void>({ method: 'DELETE', path, body });
  }

  private async sendWithAccessToken<T>(message: HttpRequest): Promise<T> {
    const token = this.access.grant()?.token ?? null;
    try {
      return await sendHttpRequest<T>({ ...message, token });
    } catch (error) {
      if (!token || !isApiError(error)) throw error;
      if (error.code === 'session_ended') this.access.loseAccessGrant(error);
      if (error.code !== 'token_expired') throw error;
      const renewed = this.access.grant()?.token;
      const fresh = renewed && renewed !== token ? renewed : (await this.access.refreshAccessGrant()).token;
      return sendHttpRequest<T>({ ...message, token: fresh });
    }
  }
}
