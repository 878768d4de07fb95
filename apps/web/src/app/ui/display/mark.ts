import { Component } from '@angular/core';

/** The logo of WebCall. */
@Component({
  selector: 'wc-mark',
  template: `
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M8 13.5v5M12 10v12M16 12.5v7M20 8.5v15M24 13v6" />
    </svg>
  `,
  styles: `
    svg {
      width: 48px;
      height: 48px;
    }
    rect {
      fill: #3b5bdb;
    }
    path {
      fill: none;
      stroke: #fff;
      stroke-width: 2.4;
      stroke-linecap: round;
    }
  `,
})
export class Mark {}
