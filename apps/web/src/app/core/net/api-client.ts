import { Injectable, inject } from '@angular/core';
import { Access } from '../session/access';
import { isApiError } from './api-error';
import { type HttpRequest, request } from './http';

/** The REST API. Paths are without `/api/v1`; every failure is an ApiError. */
@Injectable({ providedIn: 'root' })
export class ApiClient {
  private readonly access = inject(Access);

  get<T>(path: string, query?: object): Promise<T> {
    return this.send<T>({ method: 'GET', path, query });
  }

  post<T = void>(path: string, body?: object): Promise<T> {
    return this.send<T>({ method: 'POST', path, body });
  }

  put<T>(path: string, body?: object): Promise<T> {
    return this.send<T>({ method: 'PUT', path, body });
  }

  patch<T>(path: string, body: object): Promise<T> {
    return this.send<T>({ method: 'PATCH', path, body });
  }

  delete(path: string, body?: object): Promise<void> {
    return this.send<void>({ method: 'DELETE', path, body });
  }

  private async send<T>(message: HttpRequest): Promise<T> {
    const token = this.access.grant()?.token ?? null;
    try {
      return await request<T>({ ...message, token });
    } catch (error) {
      if (!token || !isApiError(error)) throw error;
      if (error.code === 'session_ended') this.access.lose(error);
      if (error.code !== 'token_expired') throw error;
      const renewed = this.access.grant()?.token;
      const fresh = renewed && renewed !== token ? renewed : (await this.access.refresh()).token;
      return request<T>({ ...message, token: fresh });
    }
  }
}
