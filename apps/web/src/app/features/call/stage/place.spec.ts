import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { Place } from './place';

@Component({ imports: [Place], template: '<p [wcPlace]="place()"></p>' })
class Stage {
  readonly place = signal({ x: 0, y: 0, width: 400, height: 300 });
}

describe('Place', () => {
  const animate = jest.fn();
  let reduced = false;

  beforeEach(() => {
    animate.mockClear();
    reduced = false;
    Object.assign(HTMLElement.prototype, { animate });
    Object.assign(window, { matchMedia: () => ({ matches: reduced }) });
  });

  function stage() {
    const fixture = TestBed.createComponent(Stage);
    fixture.detectChanges();
    const { style } = (fixture.nativeElement as HTMLElement).querySelector('p') as HTMLElement;
    const move = (place: { x: number; y: number; width: number; height: number }) => {
      fixture.componentInstance.place.set(place);
      fixture.detectChanges();
    };
    return { style, move };
  }

  it('is placed at once, and animates its transform to the next place', () => {
    const { style, move } = stage();
    expect(animate).not.toHaveBeenCalled();
    expect([style.width, style.height, style.transform]).toEqual(['400px', '300px', 'translate(0px, 0px)']);
    move({ x: 10, y: 20, width: 200, height: 100 });
    expect([style.width, style.height, style.transform]).toEqual(['200px', '100px', 'translate(10px, 20px)']);
    const transform = ['translate(0px, 0px) scale(2, 3)', 'translate(10px, 20px)'];
    expect(animate.mock.calls).toEqual([[{ transform }, { duration: 200, easing: 'ease-out' }]]);
  });

  it('does not animate without a change, nor with reduced motion', () => {
    const { move } = stage();
    move({ x: 0, y: 0, width: 400, height: 300 });
    reduced = true;
    move({ x: 10, y: 20, width: 200, height: 100 });
    expect(animate).not.toHaveBeenCalled();
  });
});
