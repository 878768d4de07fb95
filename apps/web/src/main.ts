import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { handleStartFailure } from './app/core/browser/start-failure';

bootstrapApplication(App, appConfig).catch(handleStartFailure);
