/** The page around Swagger UI, without inline scripts and styles, so that the strict CSP applies here too. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>WebCall API</title>
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/prepare.js"></script>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/**
 * Creates the one Trusted Types policy that the strict CSP allows. Swagger UI sets HTML as plain strings that DOMPurify
 * has cleaned; the CSP requires a policy for that, and does not let DOMPurify create its own. Scripts in such HTML stay
 * blocked.
 */
export const DOCS_PREPARE_SCRIPT = `if (window.trustedTypes) {
  trustedTypes.createPolicy('default', { createHTML: (html) => html });
  Object.defineProperty(window, 'trustedTypes', { value: undefined });
}
`;

export const DOCS_START_SCRIPT = `SwaggerUIBundle({
  url: '/docs/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;
