import { MediaMatcher } from '@angular/cdk/layout';
import {
  type ApplicationConfig,
  inject,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
  provideZonelessChangeDetection,
  ɵSHARED_STYLES_HOST as SHARED_STYLES_HOST,
} from '@angular/core';
import {
  type NavigationError,
  provideRouter,
  Router,
  TitleStrategy,
  UrlSerializer,
  withComponentInputBinding,
  withInMemoryScrolling,
  withNavigationErrorHandler,
} from '@angular/router';
import { appRoutes } from './app.routes';
import { AddressSerializer } from './core/browser/address-serializer';
import { AdoptedStylesHost } from './core/browser/adopted-styles-host';
import { BrowserLocation } from './core/browser/browser-location';
import { CspMediaMatcher } from './core/browser/csp-media-matcher';
import { handleStartFailure } from './core/browser/start-failure';
import { Session } from './core/session/session';
import { I18n } from './core/text/i18n';
import { RouteTitleStrategy } from './core/text/page-title';

/** A tab that was opened before a server update requests code files that no longer exist; a reload gets the new ones. */
function handleNavigationError({ error, url }: NavigationError): void {
  if (!inject(Router).navigated) return handleStartFailure(error);
  console.warn('the page could not be loaded', error);
  inject(BrowserLocation).loadAddress(url);
}

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideZonelessChangeDetection(),
    provideRouter(
      appRoutes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled', anchorScrolling: 'enabled' }),
      withNavigationErrorHandler(handleNavigationError),
    ),
    provideAppInitializer(() => {
      // Not awaited: routes wait for the session themselves, and only the texts are needed to show anything.
      void inject(Session).restoreSession();
      return inject(I18n).loadTexts();
    }),
    { provide: UrlSerializer, useClass: AddressSerializer },
    { provide: TitleStrategy, useExisting: RouteTitleStrategy },
    { provide: SHARED_STYLES_HOST, useClass: AdoptedStylesHost },
    { provide: MediaMatcher, useClass: CspMediaMatcher },
  ],
};
