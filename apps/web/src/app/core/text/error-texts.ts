import { inject, Injectable } from '@angular/core';
import type { QuotaName } from '@webcall/contracts';
import type { Texts } from '../../../i18n/en';
import { ApiError, isApiError } from '../net/api-error';
import { I18n } from './i18n';

/** @returns the error as a sentence in the reader's language */
export function errorToText(error: unknown, texts: Texts): string {
  if (!(error instanceof ApiError)) return texts.errors.internal_error;
  const { code, details } = error;
  return quotaErrorText(details, texts) ?? texts.errors[code] ?? texts.errors.internal_error;
}

/** A server of another version may have a quota that is unknown here. */
function quotaErrorText({ quota, limit }: Record<string, unknown> = {}, texts: Texts): string | undefined {
  const text = typeof quota === 'string' && Object.hasOwn(texts.quotas, quota) && texts.quotas[quota as QuotaName];
  return text && typeof limit === 'number' ? text(limit) : undefined;
}

/** Errors as sentences, for components. */
@Injectable({ providedIn: 'root' })
export class ErrorTexts {
  private readonly i18n = inject(I18n);

  translateError(error: unknown): string {
    // An error that is not from the API is a bug: people read a general sentence, the console gets the cause.
    if (!isApiError(error)) console.error('an unexpected error', error);
    return errorToText(error, this.i18n.t());
  }
}
