import type { Routes } from '@angular/router';
import { sessionKnown, signedIn, signedOut, withAccount } from './core/session/guards';
import type { TitleData } from './core/text/page-title';
import { ROOM_PARTS } from './widgets/room-parts';
import { roomParts } from './room-parts';

export const routes: Routes = [
  {
    path: 'sign-in',
    canActivate: [signedOut],
    loadComponent: () => import('./features/auth/sign-in-page').then((m) => m.SignInPage),
    data: { title: (t) => t.auth.signIn } satisfies TitleData,
  },
  {
    path: 'sign-up',
    canActivate: [signedOut],
    loadComponent: () => import('./features/auth/sign-up-page').then((m) => m.SignUpPage),
    data: { title: (t) => t.auth.signUp } satisfies TitleData,
  },
  {
    path: 'reset-password',
    canActivate: [sessionKnown],
    loadComponent: () => import('./features/auth/reset-password-page').then((m) => m.ResetPasswordPage),
    data: { title: (t) => t.auth.resetTitle } satisfies TitleData,
  },
  {
    path: 'join/:code',
    canActivate: [sessionKnown],
    loadComponent: () => import('./features/auth/invitation-page').then((m) => m.InvitationPage),
    data: { title: (t) => t.invitation.title } satisfies TitleData,
  },
  {
    path: '',
    canActivate: [signedIn],
    loadComponent: () => import('./shell/shell').then((m) => m.Shell),
    children: [
      {
        path: '',
        pathMatch: 'full',
        loadComponent: () => import('./features/home/home-page').then((m) => m.HomePage),
        data: { title: (t) => t.home.title } satisfies TitleData,
      },
      {
        path: 'rooms/browse',
        canActivate: [withAccount],
        loadComponent: () => import('./features/home/browse-page').then((m) => m.BrowsePage),
        data: { title: (t) => t.browse.title } satisfies TitleData,
      },
      {
        path: 'people',
        canActivate: [withAccount],
        loadComponent: () => import('./features/contacts/people-page').then((m) => m.PeoplePage),
        data: { title: (t) => t.people.title } satisfies TitleData,
      },
      {
        path: 'calls',
        canActivate: [withAccount],
        loadComponent: () => import('./features/calls/calls-page').then((m) => m.CallsPage),
        data: { title: (t) => t.history.title } satisfies TitleData,
      },
      {
        path: 'r/:roomId',
        providers: [{ provide: ROOM_PARTS, useValue: roomParts }],
        loadComponent: () => import('./features/rooms/room-page').then((m) => m.RoomPage),
      },
      {
        path: 'settings',
        loadComponent: () => import('./features/settings/settings-page').then((m) => m.SettingsPage),
        data: { title: (t) => t.settings.title } satisfies TitleData,
      },
    ],
  },
  {
    path: '**',
    loadComponent: () => import('./features/home/not-found-page').then((m) => m.NotFoundPage),
    data: { title: (t) => t.notFound.title } satisfies TitleData,
  },
];
