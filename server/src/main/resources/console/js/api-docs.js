// The page of the API's description: what is tried there is done in the name of who is logged in.
const session = async () => (await fetch('/api/v1/session')).json();

globalThis.SwaggerUIBundle({
  url: '/api/v1/openapi',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  tagsSorter: 'alpha',
  validatorUrl: null,
  requestInterceptor: async (request) => {
    if (!request.loadSpec && request.method !== 'GET') {
      const { csrf, csrfHeader } = await session();
      if (csrf) request.headers[csrfHeader] = csrf;
    }
    return request;
  },
});
