import { inject } from '@angular/core';
import { type CanActivateFn, Router } from '@angular/router';
import { safeReturnPath } from './return-path';
import { Session } from './session';

/** For pages of a signed-in user: others sign in first and come back. */
export const requireSignedIn: CanActivateFn = async (_route, { url }) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.settled;
  if (session.user()) return true;
  return router.createUrlTree(['/sign-in'], { queryParams: url === '/' ? {} : { next: url } });
};

/** For pages that are of no use to a guest. */
export const requireNonGuest: CanActivateFn = () => !inject(Session).user()?.guest || inject(Router).parseUrl('/');

/** For the pages to sign in and up: a signed-in user is sent on. */
export const requireSignedOut: CanActivateFn = async ({ queryParamMap }) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.settled;
  return session.user() ? router.parseUrl(safeReturnPath(queryParamMap.get('next'))) : true;
};

/** For pages open to everybody that look different to a signed-in user. */
export const waitForSession: CanActivateFn = async () => {
  await inject(Session).settled;
  return true;
};
