import { Component, provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';

@Component({ selector: 'wc-root', template: 'WebCall' })
class App {}

void bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] });
