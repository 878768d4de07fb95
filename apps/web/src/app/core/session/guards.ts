import { inject } from '@angular/core';
import { type CanActivateFn, Router } from '@angular/router';
import { returnTo } from './return-to';
import { Session } from './session';

/** Pages of a signed-in user; others sign in first and come back. */
export const signedIn: CanActivateFn = async (_route, { url }) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.settled;
  if (session.user()) return true;
  return router.createUrlTree(['/sign-in'], { queryParams: url === '/' ? {} : { next: url } });
};

/** Pages that are of no use to a guest. */
export const withAccount: CanActivateFn = () => !inject(Session).user()?.guest || inject(Router).parseUrl('/');

/** Signing in and up is not for those who are in. */
export const signedOut: CanActivateFn = async ({ queryParamMap }) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.settled;
  return session.user() ? router.parseUrl(returnTo(queryParamMap.get('next'))) : true;
};

/** Pages for everybody that look different when somebody is signed in. */
export const sessionKnown: CanActivateFn = async () => {
  await inject(Session).settled;
  return true;
};
