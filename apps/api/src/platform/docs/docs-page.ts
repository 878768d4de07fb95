/** The page around Swagger UI: like all our pages without anything inline, so that the strict CSP holds here too. */
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
 * Swagger UI sets HTML that DOMPurify has cleaned, as plain text. The strict CSP lets only a policy of Trusted Types do
 * that, and lets DOMPurify make none, so this page has the one policy that it may have. Scripts in it stay blocked.
 */
export const DOCS_PREPARE = `if (window.trustedTypes) {
  trustedTypes.createPolicy('default', { createHTML: (html) => html });
  Object.defineProperty(window, 'trustedTypes', { value: undefined });
}
`;

export const DOCS_START = `SwaggerUIBundle({
  url: '/docs/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;
