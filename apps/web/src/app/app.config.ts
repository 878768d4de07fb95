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
  Router,
  TitleStrategy,
  provideRouter,
  withComponentInputBinding,
  withInMemoryScrolling,
  withNavigationErrorHandler,
} from '@angular/router';
import { routes } from './app.routes';
import { AdoptedStylesHost } from './core/browser/adopted-styles-host';
import { CspMediaMatcher } from './core/browser/csp-media-matcher';
import { I18n } from './core/text/i18n';
import { RouteTitles } from './core/text/page-title';
import { PageLoader } from './core/browser/page-loader';
import { Session } from './core/session/session';

/**
 * A tab that was opened before the server was renewed asks for parts that are gone. Loading the page anew gets the
 * new ones; not so at the start, when it would go round in circles.
 */
function loadAnew({ error, url }: NavigationError): void {
  console.warn('The page could not be shown', error);
  if (inject(Router).navigated) inject(PageLoader).load(url);
}

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideZonelessChangeDetection(),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled', anchorScrolling: 'enabled' }),
      withNavigationErrorHandler(loadAnew),
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
