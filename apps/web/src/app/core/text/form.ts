import { computed, inject, signal } from '@angular/core';
import type { Texts } from '../../../i18n/en';
import { type ApiError, isApiError } from '../net/api-error';
import { ErrorTexts } from './error-texts';
import { I18n } from './i18n';

/** Says what is wrong with a field, in the language of the given texts. */
type Problem = (texts: Texts) => string;
type Problems<F extends string> = Partial<Record<F, Problem | undefined>>;

export interface FormOptions<F extends string> {
  /** Finds problems before anything is sent, by field name. */
  check: () => Problems<F> | Promise<Problems<F>>;
  /** Sends the form. */
  submit: () => Promise<unknown>;
  /** Which field an error of the server is about. */
  fieldOf?: Partial<Record<ApiError['code'], F>>;
}

/**
 * A form that checks its fields, sends once at a time, and shows errors at the fields.
 * Must be called where `inject` works.
 */
export function createForm<F extends string>({ check, submit, fieldOf = {} }: FormOptions<F>) {
  const i18n = inject(I18n);
  const texts = inject(ErrorTexts);
  const problems = signal<Problems<F>>({});
  const failure = signal<unknown>(null);
  const busy = signal(false);

  return {
    busy: busy.asReadonly(),

    /** The error texts by field. */
    errors: computed<Partial<Record<F, string>>>(() => {
      const t = i18n.t();
      const entries = Object.entries<Problem | undefined>(problems());
      return Object.fromEntries(entries.map(([field, problem]) => [field, problem?.(t)])) as Partial<Record<F, string>>;
    }),

    /** The error text of the whole form; empty when there is none. */
    error: computed(() => (failure() === null ? '' : texts.translateError(failure()))),

    /** Removes the error of a field that is being corrected. To be bound to the form's `input` event. */
    clearFieldError({ target }: Event): void {
      if (target instanceof HTMLInputElement) problems.update((all) => ({ ...all, [target.name]: undefined }));
    },

    /** @returns whether it was sent and accepted */
    async submitForm(event?: Event): Promise<boolean> {
      event?.preventDefault();
      if (busy()) return false;
      busy.set(true);
      failure.set(null);
      try {
        const found = await check();
        problems.set(found);
        if (Object.values(found).some(Boolean)) return focusFirstInvalidField(event);
        await submit();
        return true;
      } catch (error) {
        const field = isApiError(error) ? fieldOf[error.code] : undefined;
        if (field) problems.set(singleFieldProblem(field, () => texts.translateError(error)));
        else failure.set(error);
        return focusFirstInvalidField(event);
      } finally {
        busy.set(false);
      }
    },
  };
}

function singleFieldProblem<F extends string>(field: F, problem: Problem): Problems<F> {
  const problems: Problems<F> = {};
  problems[field] = problem;
  return problems;
}

/** After the next rendering, because only then the field is marked as invalid. */
function focusFirstInvalidField(event?: Event): false {
  const element = event?.target;
  if (element instanceof HTMLFormElement) {
    requestAnimationFrame(() => element.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }
  return false;
}
