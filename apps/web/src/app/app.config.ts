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
  withPreloading,
  withRouterConfig,
} from '@angular/router';
import { appRoutes } from './app.routes';
import { AddressSerializer } from './core/browser/address-serializer';
import { AdoptedStylesHost } from './core/browser/adopted-styles-host';
import { CspMediaMatcher } from './core/browser/csp-media-matcher';
import { handleStartFailure } from './core/browser/start-failure';
import { IdlePreloading } from './core/net/page-loading';
import { Session } from './core/session/session';
import { I18n } from './core/text/i18n';
import { RouteTitleStrategy } from './core/text/page-title';
import { LostPages } from './flows/lost-pages';

/** The code of a page may be lost: without a connection, or because an update of the server has replaced its files. */
function handleNavigationError({ error, url }: NavigationError): void {
  if (!inject(Router).navigated) return handleStartFailure(error);
  console.warn('the page could not be loaded', error);
  void inject(LostPages).handleLostPage(url);
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
      // A link that is pressed has nobody to tell of the failure but that handler.
      withRouterConfig({ resolveNavigationPromiseOnError: true }),
      withPreloading(IdlePreloading),
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
