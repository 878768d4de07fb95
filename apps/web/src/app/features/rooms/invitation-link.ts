import { Component, type ElementRef, inject, input, viewChild } from '@angular/core';
import { I18n } from '../../core/text/i18n';
import { TextCopy } from '../../flows/text-copy';
import { Button } from '../../ui/forms/button';

let linkCount = 0;

/** The link of an invitation, with the button that copies it. */
@Component({
  selector: 'wc-invitation-link',
  imports: [Button],
  template: `
    <label [for]="id">{{ t().rooms.link }}</label>
    <div class="row">
      <input #field readonly [id]="id" [value]="url()" (focus)="field.select()" />
      <button wcButton iconOnly="copy" type="button" [attr.aria-label]="t().rooms.copy" (click)="copyLink()"></button>
    </div>
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-4);
      padding: var(--space-12);
      border-radius: var(--radius-card);
      background: var(--accent-soft);
      animation: appear var(--calm);
    }
    label {
      font-size: var(--text-13);
      font-weight: 500;
    }
    .row {
      display: flex;
      gap: var(--space-4);
    }
    input {
      flex: 1;
      min-width: 0;
      min-height: var(--touch);
      padding: 0 var(--space-12);
      border: 0;
      border-radius: var(--radius-control);
      background: var(--surface);
      font-family: var(--mono);
      font-size: var(--text-13);
      text-overflow: ellipsis;
    }
  `,
})
export class InvitationLink {
  private readonly copy = inject(TextCopy);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  protected readonly id = `invitation-link-${++linkCount}`;
  protected readonly t = inject(I18n).t;
  readonly url = input.required<string>();

  focusLink(): void {
    this.field().nativeElement.focus();
  }

  /** Copies the link although no press asks for it. */
  copyLinkUnasked(): Promise<void> {
    return this.copyOrSelectLink({ copied: this.t().rooms.copied });
  }

  protected copyLink(): Promise<void> {
    const { copied, copyFailed: failed } = this.t().rooms;
    return this.copyOrSelectLink({ copied, failed });
  }

  /** Selects the link where the browser does not let it be copied. */
  private async copyOrSelectLink(words: { copied: string; failed?: string }): Promise<void> {
    if (!(await this.copy.copyText(this.url(), words))) this.focusLink();
  }
}

/** @returns the address at which people join by the invitation with this code */
export function invitationUrlOf(code: string): string {
  return `${location.origin}/join/${code}`;
}
