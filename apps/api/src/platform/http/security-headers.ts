import type { RequestHandler } from 'express';
import helmet from 'helmet';

const SELF = "'self'";
const NONE = "'none'";

/**
 * Allows nothing inline and nothing from other sites. Sound and pictures made in the page are `blob:`. WebAssembly may
 * be compiled, for the noise filter; text still cannot become a script.
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

/** Browser features that our pages may use, and others that are turned off. */
const PERMISSIONS_POLICY = [
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

/** Sets security headers and forbids caching. HSTS is for production only: elsewhere there is no HTTPS. */
export function createSecurityHeaders(production: boolean): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: production && { maxAge: 365 * 24 * 60 * 60, includeSubDomains: false },
      xFrameOptions: { action: 'deny' },
    }),
    (_request, response, next) => {
      response.setHeader('Permissions-Policy', PERMISSIONS_POLICY);
      // Cacheable responses, such as files of the web client, replace this header.
      response.setHeader('Cache-Control', 'no-store');
      next();
    },
  ];
}
