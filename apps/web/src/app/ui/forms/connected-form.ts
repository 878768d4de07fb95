import { Directive, input } from '@angular/core';

/** What is behind a form: see `createForm`. */
interface FormLogic {
  clearFieldError(event: Event): void;
  submitForm(event: Event): Promise<boolean>;
}

/** Connects a form with its logic, which checks the fields instead of the browser. */
@Directive({
  selector: 'form[wcForm]',
  host: {
    novalidate: '',
    '(input)': 'logic().clearFieldError($event)',
    '(change)': 'logic().clearFieldError($event)',
    '(submit)': 'logic().submitForm($event)',
  },
})
export class ConnectedForm {
  readonly logic = input.required<FormLogic>({ alias: 'wcForm' });
}
