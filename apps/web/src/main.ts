import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { reloadAfterLostModule } from './app/core/browser/lost-module';

bootstrapApplication(App, appConfig).catch((error: unknown) => {
  console.error('the app could not be started', error);
  reloadAfterLostModule(error);
});
