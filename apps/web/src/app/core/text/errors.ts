import { Injectable, inject } from '@angular/core';
import type { QuotaName } from '@webcall/contracts';
import type { Texts } from '../../../i18n/en';
import { ApiError, isApiError } from '../net/api-error';
import { I18n } from './i18n';

/** @returns what went wrong, as a sentence in the reader's language. */
export function errorText(error: unknown, texts: Texts): string {
  if (!(error instanceof ApiError)) return texts.errors.internal_error;
  const { code, details } = error;
  return quotaText(details, texts) ?? texts.errors[code] ?? texts.errors.internal_error;
}

/** A server of another version may have a quota that is unknown here. */
function quotaText({ quota, limit }: Record<string, unknown> = {}, texts: Texts): string | undefined {
  const text = typeof quota === 'string' && Object.hasOwn(texts.quotas, quota) && texts.quotas[quota as QuotaName];
  return text && typeof limit === 'number' ? text(limit) : undefined;
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
