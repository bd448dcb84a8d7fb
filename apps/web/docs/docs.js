// SPDX-License-Identifier: Apache-2.0
//
// Starts Swagger UI on openapi.json. Nothing of it is configured by the page's
// address, nothing is sent to a validator, and a token is kept in memory alone.
'use strict';

SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#routes',
  deepLinking: true,
  queryConfigEnabled: false,
  validatorUrl: null,
  persistAuthorization: false,
  defaultModelsExpandDepth: 0,
});
