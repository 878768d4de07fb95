import { MediaMatcher } from '@angular/cdk/layout';
import { Injectable } from '@angular/core';

/** The CDK's own adds an inline `<style>` for each query, which the Content-Security-Policy blocks. */
@Injectable()
export class CspMediaMatcher extends MediaMatcher {
  override matchMedia(query: string): MediaQueryList {
    return window.matchMedia(query);
  }
}
