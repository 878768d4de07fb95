import { createFlexibleConnectedPositionStrategy, createOverlayRef, type OverlayRef } from '@angular/cdk/overlay';
import { ComponentPortal } from '@angular/cdk/portal';
import { Component, Directive, ElementRef, inject, Injector, input, type OnDestroy, signal } from '@angular/core';

@Component({
  selector: 'wc-tooltip',
  template: `
    {{ text() }}
    @if (key()) {
      <kbd>{{ key() }}</kbd>
    }
  `,
  // What has a tooltip says the same to screen readers by its name or content.
  host: { 'aria-hidden': 'true' },
  styles: `
    :host {
      display: flex;
      gap: var(--space-8);
      max-width: 280px;
      padding: 6px 10px;
      border-radius: var(--radius-control);
      background: var(--text);
      color: var(--ground);
      font-size: var(--text-13);
      pointer-events: none;
      animation: appear var(--quick);
    }
    kbd {
      font: inherit;
      opacity: 0.75;
    }
  `,
})
class TooltipBox {
  readonly text = signal('');
  readonly key = signal('');
}

/** Shows a text and a shortcut key about a button. An icon button has its name from `wcLabel`, or an `aria-label`. */
@Directive({
  selector: '[wcTooltip]',
  host: {
    '(mouseenter)': 'scheduleTooltip()',
    '(focus)': 'showOnKeyboardFocus($event)',
    '(mouseleave)': 'hideTooltip()',
    '(blur)': 'hideTooltip()',
    '(click)': 'hideTooltip()',
    '(keydown.escape)': 'hideTooltip()',
  },
})
export class Tooltip implements OnDestroy {
  /** The visible tooltip. */
  private static current: Tooltip | null = null;
  private readonly injector = inject(Injector);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private overlay: OverlayRef | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly text = input.required<string>({ alias: 'wcTooltip' });
  readonly key = input('', { alias: 'wcTooltipKey' });
  readonly side = input<'top' | 'right' | 'bottom'>('top', { alias: 'wcTooltipSide' });

  /** For content that appears by itself and must not be covered by a tooltip. */
  static hideCurrentTooltip(): void {
    Tooltip.current?.hideTooltip();
  }

  ngOnDestroy(): void {
    this.hideTooltip();
  }

  protected scheduleTooltip(): void {
    if (matchMedia('(hover: hover)').matches) this.timer ??= setTimeout(() => this.showTooltip(), 400);
  }

  /** Only on keyboard focus, and not when a menu or dialog returns it: then the user has just used the button. */
  protected showOnKeyboardFocus({ relatedTarget: previous }: FocusEvent): void {
    if (!(previous instanceof Element) || previous.closest('[role=menu], [role=dialog]')) return;
    if (this.element.nativeElement.matches(':focus-visible')) this.showTooltip();
  }

  protected hideTooltip(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (Tooltip.current === this) Tooltip.current = null;
    this.overlay?.dispose();
    this.overlay = null;
  }

  private showTooltip(): void {
    if (this.overlay || !this.text()) return;
    Tooltip.current = this;
    const above = { originX: 'center', originY: 'top', overlayX: 'center', overlayY: 'bottom', offsetY: -8 } as const;
    const below = { originX: 'center', originY: 'bottom', overlayX: 'center', overlayY: 'top', offsetY: 8 } as const;
    const right = { originX: 'end', originY: 'center', overlayX: 'start', overlayY: 'center', offsetX: 8 } as const;
    const positions = { top: [above, below], bottom: [below, above], right: [right, below] }[this.side()];
    this.overlay = createOverlayRef(this.injector, {
      positionStrategy: createFlexibleConnectedPositionStrategy(this.injector, this.element).withPositions(positions),
    });
    const box = this.overlay.attach(new ComponentPortal(TooltipBox));
    box.instance.text.set(this.text());
    box.instance.key.set(this.key());
    box.changeDetectorRef.detectChanges();
    this.overlay.updatePosition();
  }
}

/** Names an icon button: to screen readers by its `aria-label`, to others by its tooltip. */
@Directive({
  selector: '[wcLabel]',
  hostDirectives: [{ directive: Tooltip, inputs: ['wcTooltip: wcLabel', 'wcTooltipKey', 'wcTooltipSide'] }],
  host: { '[attr.aria-label]': 'tooltip.text()' },
})
export class IconLabel {
  protected readonly tooltip = inject(Tooltip);
}
