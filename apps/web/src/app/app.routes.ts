import type { Routes } from '@angular/router';
import { loadPagesWithLine, loadPartsWithLine, type PagePartsData } from './core/net/page-loading';
import { requireNonGuest, requireSignedIn, requireSignedOut, waitForSession } from './core/session/session-guards';
import type { RouteTitleData } from './core/text/page-title';
import { ROOM_PARTS, type RoomParts } from './widgets/room-parts';

/** The features that make up a room page, loaded when they are needed. */
const lazyRoomParts = {
  callActions: () => import('./features/call/call-actions').then((m) => m.CallActions),
  call: () => import('./features/call/call-view').then((m) => m.CallView),
  chat: () => import('./features/chat/chat-view').then((m) => m.ChatView),
} satisfies RoomParts;

export const appRoutes: Routes = loadPagesWithLine([
  {
    path: 'sign-in',
    canActivate: [requireSignedOut],
    loadComponent: () => import('./features/auth/sign-in-page').then((m) => m.SignInPage),
    data: { title: (t) => t.auth.signIn } satisfies RouteTitleData,
  },
  {
    path: 'sign-up',
    canActivate: [requireSignedOut],
    loadComponent: () => import('./features/auth/sign-up-page').then((m) => m.SignUpPage),
    data: { title: (t) => t.auth.signUp } satisfies RouteTitleData,
  },
  {
    path: 'reset-password',
    canActivate: [waitForSession],
    loadComponent: () => import('./features/auth/reset-password-page').then((m) => m.ResetPasswordPage),
    data: { title: (t) => t.auth.resetTitle } satisfies RouteTitleData,
  },
  {
    path: 'join/:code',
    canActivate: [waitForSession],
    loadComponent: () => import('./features/auth/invitation-page').then((m) => m.InvitationPage),
    data: { title: (t) => t.invitation.title } satisfies RouteTitleData,
  },
  {
    path: '',
    canActivate: [requireSignedIn],
    loadComponent: () => import('./shell/shell').then((m) => m.Shell),
    children: [
      {
        path: '',
        pathMatch: 'full',
        loadComponent: () => import('./features/home/home-page').then((m) => m.HomePage),
        data: { title: (t) => t.home.title } satisfies RouteTitleData,
      },
      {
        path: 'rooms/browse',
        canActivate: [requireNonGuest],
        loadComponent: () => import('./features/home/browse-page').then((m) => m.BrowsePage),
        data: { title: (t) => t.browse.title } satisfies RouteTitleData,
      },
      {
        path: 'people',
        canActivate: [requireNonGuest],
        loadComponent: () => import('./features/contacts/people-page').then((m) => m.PeoplePage),
        data: { title: (t) => t.people.title } satisfies RouteTitleData,
      },
      {
        path: 'calls',
        canActivate: [requireNonGuest],
        loadComponent: () => import('./features/calls/calls-page').then((m) => m.CallsPage),
        data: { title: (t) => t.history.title } satisfies RouteTitleData,
      },
      {
        path: 'r/:roomId',
        providers: [{ provide: ROOM_PARTS, useFactory: () => loadPartsWithLine(lazyRoomParts) }],
        loadComponent: () => import('./features/rooms/room-page').then((m) => m.RoomPage),
        data: { parts: lazyRoomParts } satisfies PagePartsData,
      },
      {
        path: 'settings',
        loadComponent: () => import('./features/settings/settings-page').then((m) => m.SettingsPage),
        data: { title: (t) => t.settings.title } satisfies RouteTitleData,
      },
    ],
  },
  {
    path: '**',
    loadComponent: () => import('./features/home/not-found-page').then((m) => m.NotFoundPage),
    data: { title: (t) => t.notFound.title } satisfies RouteTitleData,
  },
]);
