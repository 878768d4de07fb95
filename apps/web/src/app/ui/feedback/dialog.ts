import { Dialog, DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, inject, Injectable, input, type Type } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Button } from '../forms/button';

/** The frame of a dialog: a title, with a `face` beside it if there is one, the content, and a row of `actions`. */
@Component({
  selector: 'wc-dialog',
  template: `
    <header>
      <ng-content select="[face]" />
      <h2>
        <bdi>{{ title() }}</bdi>
      </h2>
    </header>
    <div class="body"><ng-content /></div>
    <div class="actions"><ng-content select="[actions]" /></div>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: var(--space-12);
      width: min(440px, calc(100vw - 2 * var(--space-16)));
      max-height: min(720px, calc(100dvh - 2 * var(--space-24)));
      padding: var(--space-24);
      border-radius: var(--radius-tile);
      background: var(--raised);
      box-shadow: var(--shadow);
      animation: settle var(--calm);
    }
    header {
      display: flex;
      align-items: center;
      gap: var(--space-16);
    }
    h2 {
      min-width: 0;
      overflow-wrap: anywhere;
    }
    .body {
      display: grid;
      gap: var(--space-16);
      overflow: auto;
      margin: 0 calc(-1 * var(--space-4));
      padding: var(--space-4);
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: var(--space-12);
      margin-top: var(--space-4);
    }
    .actions:empty {
      display: none;
    }
    @keyframes settle {
      from {
        opacity: 0;
        transform: translateY(8px) scale(0.98);
      }
    }
  `,
})
export class DialogFrame {
  readonly title = input.required<string>();
}

export interface ConfirmationQuestion {
  title: string;
  text?: string;
  confirm: string;
  cancel: string;
  danger?: boolean;
}

@Component({
  selector: 'wc-question',
  imports: [Button, DialogFrame],
  template: `
    <wc-dialog [title]="question.title">
      @if (question.text) {
        <p>{{ question.text }}</p>
      }
      <ng-container actions>
        <button wcButton="ghost" type="button" (click)="ref.close(false)">{{ question.cancel }}</button>
        <button [wcButton]="question.danger ? 'danger' : 'primary'" type="button" (click)="ref.close(true)">
          {{ question.confirm }}
        </button>
      </ng-container>
    </wc-dialog>
  `,
})
class QuestionDialog {
  protected readonly question = inject<ConfirmationQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
}

/** Opens dialogs, which trap the focus, close on Esc, and restore the focus. */
@Injectable({ providedIn: 'root' })
export class Dialogs {
  private readonly dialog = inject(Dialog);

  /** @returns whether the user confirmed; closing the dialog in any other way counts as no */
  async askConfirmation(question: ConfirmationQuestion): Promise<boolean> {
    return (await this.openDialog<boolean>(QuestionDialog, question, question.title)) ?? false;
  }

  /**
   * Opens a component that shows a `wc-dialog` and closes itself with `DialogRef`.
   * @returns the result it was closed with; undefined on Esc or a click outside
   */
  openDialog<R>(component: Type<unknown>, data: unknown, label: string): Promise<R | undefined> {
    const ref = this.dialog.open<R>(component, { data, backdropClass: 'scrim', ariaLabel: label });
    return firstValueFrom(ref.closed);
  }
}
