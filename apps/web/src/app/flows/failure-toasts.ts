import { ErrorHandler, inject, Injectable } from '@angular/core';
import { type ApiError, isApiError } from '../core/net/api-error';
import { errorToText } from '../core/text/error-texts';
import { I18n } from '../core/text/i18n';
import { Toasts } from '../ui/feedback/toasts';

/** Runs what a person asked for, and shows in a toast why it failed. */
@Injectable({ providedIn: 'root' })
export class FailureToasts {
  private readonly toasts = inject(Toasts);
  private readonly errorHandler = inject(ErrorHandler);
  private readonly t = inject(I18n).t;

  /**
   * @param settledCodes errors that need no message, because what the person wants is so already
   * @returns whether it is so now
   */
  async runWithToast(action: () => Promise<unknown>, ...settledCodes: ApiError['code'][]): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      if (isApiError(error) && settledCodes.includes(error.code)) return true;
      this.showFailure(error);
      return false;
    }
  }

  /** @returns what the request brought; null when it failed */
  async resultOrToast<T>(request: () => Promise<T>): Promise<T | null> {
    let result = null as T | null;
    await this.runWithToast(async () => (result = await request()));
    return result;
  }

  /** For callers that handle some errors themselves. */
  showFailure(error: unknown): void {
    this.toasts.showToast(errorToText(error, this.t()), 'bad');
    // An error that is not from the API is a bug: people read a general sentence, the error handler gets the cause.
    if (!isApiError(error)) this.errorHandler.handleError(error);
  }
}
