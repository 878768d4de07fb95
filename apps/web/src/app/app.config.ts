import { MediaMatcher } from '@angular/cdk/layout';
import {
  type ApplicationConfig,
  inject,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
  provideZonelessChangeDetection,
  ɵSHARED_STYLES_HOST as SHARED_STYLES_HOST,
} from '@angular/core';
import { TitleStrategy, provideRouter, withComponentInputBinding, withInMemoryScrolling } from '@angular/router';
import { routes } from './app.routes';
import { AdoptedStylesHost } from './core/adopted-styles-host';
import { CspMediaMatcher } from './core/csp-media-matcher';
import { I18n } from './core/i18n';
import { RouteTitles } from './core/page-title';
import { Session } from './core/session';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideZonelessChangeDetection(),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled', anchorScrolling: 'enabled' }),
    ),
    provideAppInitializer(() => {
      // Routes wait for the session; only the texts are needed to show anything at all.
      void inject(Session).restore();
      return inject(I18n).load();
    }),
    { provide: TitleStrategy, useExisting: RouteTitles },
    { provide: SHARED_STYLES_HOST, useClass: AdoptedStylesHost },
    { provide: MediaMatcher, useClass: CspMediaMatcher },
  ],
};
