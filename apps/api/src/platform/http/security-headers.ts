import type { RequestHandler } from 'express';
import helmet from 'helmet';

const SELF = "'self'";
const NONE = "'none'";

/**
 * Nothing inline, nothing from elsewhere. Sound recordings and pictures made in the page are `blob:`. The noise filter is
 * WebAssembly, which may be compiled; text still cannot become a script.
 */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: [SELF],
  scriptSrc: [SELF, "'wasm-unsafe-eval'"],
  styleSrc: [SELF],
  imgSrc: [SELF, 'data:', 'blob:'],
  mediaSrc: [SELF, 'blob:'],
  fontSrc: [SELF],
  connectSrc: [SELF],
  workerSrc: [SELF],
  manifestSrc: [SELF],
  baseUri: [SELF],
  objectSrc: [NONE],
  formAction: [SELF],
  frameAncestors: [NONE],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ['angular', 'angular#bundler', 'default'],
};

/** What a page of ours may use; everything else that browsers ask about is off. */
const PERMISSIONS = [
  'camera=(self)',
  'microphone=(self)',
  'display-capture=(self)',
  'autoplay=(self)',
  'fullscreen=(self)',
  'picture-in-picture=(self)',
  'screen-wake-lock=(self)',
  'clipboard-write=(self)',
  'geolocation=()',
  'payment=()',
  'usb=()',
  'serial=()',
  'midi=()',
].join(', ');

/** The security headers of every answer, which nobody keeps. HSTS only in production: elsewhere there is no https to insist on. */
export function securityHeaders(production: boolean): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: production && { maxAge: 365 * 24 * 60 * 60, includeSubDomains: false },
      xFrameOptions: { action: 'deny' },
    }),
    (_request, response, next) => {
      response.setHeader('Permissions-Policy', PERMISSIONS);
      // What may be kept says so itself, such as a file of the web client.
      response.setHeader('Cache-Control', 'no-store');
      next();
    },
  ];
}
