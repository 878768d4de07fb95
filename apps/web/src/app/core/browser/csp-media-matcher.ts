import { MediaMatcher } from '@angular/cdk/layout';
import { Injectable } from '@angular/core';

/** Matches media queries without the CDK's inline `<style>`, which the Content-Security-Policy blocks. */
@Injectable()
export class CspMediaMatcher extends MediaMatcher {
  override matchMedia(query: string): MediaQueryList {
    return window.matchMedia(query);
  }
}
