import { type OverlayRef, createFlexibleConnectedPositionStrategy, createOverlayRef } from '@angular/cdk/overlay';
import { ComponentPortal } from '@angular/cdk/portal';
import { Component, Directive, ElementRef, Injector, type OnDestroy, inject, input, signal } from '@angular/core';

@Component({
  selector: 'wc-tooltip',
  template: `
    {{ text() }}
    @if (key()) {
      <kbd>{{ key() }}</kbd>
    }
  `,
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

/** The name of a button that has only an icon, with its key. The name itself also goes into `aria-label`. */
@Directive({
  selector: '[wcTooltip]',
  host: {
    '(mouseenter)': 'wait()',
    '(focus)': 'onFocus($event)',
    '(mouseleave)': 'hide()',
    '(blur)': 'hide()',
    '(click)': 'hide()',
    '(keydown.escape)': 'hide()',
  },
})
export class Tooltip implements OnDestroy {
  /** The one that is shown. */
  private static current: Tooltip | null = null;
  private readonly injector = inject(Injector);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private overlay: OverlayRef | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly text = input.required<string>({ alias: 'wcTooltip' });
  readonly key = input('', { alias: 'wcTooltipKey' });
  readonly side = input<'top' | 'right' | 'bottom'>('top', { alias: 'wcTooltipSide' });

  /** Whatever is shown gives way to something that comes by itself. */
  static hideAny(): void {
    Tooltip.current?.hide();
  }

  ngOnDestroy(): void {
    this.hide();
  }

  protected wait(): void {
    if (matchMedia('(hover: hover)').matches) this.timer ??= setTimeout(() => this.show(), 400);
  }

  /** By keyboard only, and not on the way back from a menu: whoever pressed the button knows it. */
  protected onFocus({ relatedTarget: before }: FocusEvent): void {
    if (!(before instanceof Element) || before.closest('[role=menu], [role=dialog]')) return;
    if (this.element.nativeElement.matches(':focus-visible')) this.show();
  }

  protected hide(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (Tooltip.current === this) Tooltip.current = null;
    this.overlay?.dispose();
    this.overlay = null;
  }

  private show(): void {
    if (this.overlay || !this.text()) return;
    Tooltip.current = this;
    const above = { originX: 'center', originY: 'top', overlayX: 'center', overlayY: 'bottom', offsetY: -8 } as const;
    const below = { originX: 'center', originY: 'bottom', overlayX: 'center', overlayY: 'top', offsetY: 8 } as const;
    const beside = { originX: 'end', originY: 'center', overlayX: 'start', overlayY: 'center', offsetX: 8 } as const;
    const positions = { top: [above, below], bottom: [below, above], right: [beside, below] }[this.side()];
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
