import { computed, inject, signal } from '@angular/core';
import type { Texts } from '../../../i18n/en';
import { type ApiError, isApiError } from '../net/api-error';
import { ErrorTexts } from './errors';
import { I18n } from './i18n';

/** What is wrong with a field, in the language that is shown at the moment. */
type Problem = (texts: Texts) => string;
type Problems<F extends string> = Partial<Record<F, Problem | undefined>>;

export interface FormOptions<F extends string> {
  /** What is wrong before anything is sent, by the name of the field. */
  check: () => Problems<F> | Promise<Problems<F>>;
  /** Sends it. */
  submit: () => Promise<unknown>;
  /** Which field an error of the server is about. */
  fieldOf?: Partial<Record<ApiError['code'], F>>;
}

/**
 * A form: checks, sends once at a time, and says beside the field what is wrong.
 * To be made where `inject` works.
 */
export function form<F extends string>({ check, submit, fieldOf = {} }: FormOptions<F>) {
  const i18n = inject(I18n);
  const texts = inject(ErrorTexts);
  const problems = signal<Problems<F>>({});
  const failure = signal<unknown>(null);
  const busy = signal(false);

  return {
    busy: busy.asReadonly(),

    /** What is wrong, by field. */
    errors: computed<Partial<Record<F, string>>>(() => {
      const t = i18n.t();
      const entries = Object.entries<Problem | undefined>(problems());
      return Object.fromEntries(entries.map(([field, problem]) => [field, problem?.(t)])) as Partial<Record<F, string>>;
    }),

    /** What is wrong with the whole. */
    error: computed(() => (failure() === null ? '' : texts.of(failure()))),

    /** Forgets what was wrong with a field: it is being mended. To be bound to the form's `input` event. */
    mend({ target }: Event): void {
      if (target instanceof HTMLInputElement) problems.update((all) => ({ ...all, [target.name]: undefined }));
    },

    /** @returns whether it was sent and taken */
    async send(event?: Event): Promise<boolean> {
      event?.preventDefault();
      if (busy()) return false;
      busy.set(true);
      failure.set(null);
      try {
        const found = await check();
        problems.set(found);
        if (Object.values(found).some(Boolean)) return focusFirstWrong(event);
        await submit();
        return true;
      } catch (error) {
        const field = isApiError(error) ? fieldOf[error.code] : undefined;
        if (field) problems.set(problemOf(field, () => texts.of(error)));
        else failure.set(error);
        return focusFirstWrong(event);
      } finally {
        busy.set(false);
      }
    },
  };
}

function problemOf<F extends string>(field: F, problem: Problem): Problems<F> {
  const problems: Problems<F> = {};
  problems[field] = problem;
  return problems;
}

/** After the next rendering: only then is the field marked. */
function focusFirstWrong(event?: Event): false {
  const element = event?.target;
  if (element instanceof HTMLFormElement) {
    requestAnimationFrame(() => element.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }
  return false;
}
