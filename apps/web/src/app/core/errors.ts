import { Injectable, inject } from '@angular/core';
import type { Texts } from '../../i18n/en';
import { ApiError, isApiError } from './api-error';
import { I18n } from './i18n';

/** @returns what went wrong, as a sentence in the reader's language. */
export function errorText(error: unknown, texts: Texts): string {
  const code = error instanceof ApiError ? error.code : 'internal_error';
  return texts.errors[code] ?? texts.errors.internal_error;
}

/** Errors as sentences, for components. */
@Injectable({ providedIn: 'root' })
export class ErrorTexts {
  private readonly i18n = inject(I18n);

  of(error: unknown): string {
    // What is not from the API is a fault of ours: people get a sentence, we get the cause.
    if (!isApiError(error)) console.error(error);
    return errorText(error, this.i18n.t());
  }
}
