import { webUrl } from './address-rules.ts';
import { publishedPort } from './plain-value-rules.ts';
import type { DeploymentProblem, DeploymentService } from './schema.ts';

/** What each provider's DNS challenge signs in with (upstream's TLS guide, facts 2.2). */
const PROVIDER_NEEDS: Record<string, string[]> = {
  cloudflare: ['CF_DNS_API_TOKEN'],
  route53: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  gcloud: ['GCE_PROJECT', 'GCE_SERVICE_ACCOUNT_JSON_B64'],
  azure: ['AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'AZURE_SUBSCRIPTION_ID', 'AZURE_TENANT_ID'],
  digitalocean: ['DO_AUTH_TOKEN'],
  hetzner: ['HETZNER_API_KEY'],
};
const ISSUER_NEEDS = ['CERT_ISSUER_DOMAIN', 'CERT_ISSUER_JWT_SECRET', 'ACME_ACCOUNT_EMAIL', 'ACME_DNS_PROVIDER'];
/** The proxy takes these for no password at all and ends (its entrypoint, 0.2.14). */
const NO_PASSWORD = new Set(['', 'admin1', 'changeme']);

/**
 * What single values don't show: values that need or contradict each other. `values` is what compose gets, `active`
 * the services that run; only what one of them reads is judged. Each problem stands at the `variable` to be changed.
 */
export function combinationProblems(values: Record<string, string | undefined>, active: DeploymentService[]): DeploymentProblem[] {
  const problems: DeploymentProblem[] = [];
  const readers = (name: string) => active.filter((one) => one.variables.includes(name)).map((one) => one.name);
  const add = (level: DeploymentProblem['level'], code: string, variable: string, params: DeploymentProblem['params'] = {}) => {
    const services = readers(variable);
    if (services.length > 0) problems.push({ level, code, params: { variable, services: services.join(', '), ...params } });
  };
  const given = (name: string) => (values[name] ?? '').trim();

  const mode = given('NGINX_MODE') || 'http';
  const tls = mode === 'https' || mode === 'both';
  // Read by proxy-ssl alone: an incomplete one answers its health check and issues nothing.
  if (tls && readers('ACME_DNS_PROVIDER').length > 0) {
    const provider = given('ACME_DNS_PROVIDER');
    for (const name of ISSUER_NEEDS) if (!given(name)) add('attention', 'tls_needs', name);
    for (const name of PROVIDER_NEEDS[provider] ?? []) if (!given(name)) add('attention', 'tls_provider_needs', name, { provider });
  }

  const url = webUrl(given('PUBLIC_URL'));
  if (url) {
    const port = (name: string) => publishedPort(given(name))?.port;
    const plain = url.protocol === 'http:';
    if (plain && mode === 'https') add('attention', 'public_url_needs_https', 'PUBLIC_URL');
    else if (url.port !== '' && Number(url.port) === port(plain ? 'API_SSL_PORT' : 'API_PORT')) add('attention', 'public_url_port', 'PUBLIC_URL', { port: url.port, other: plain ? 'API_SSL_PORT' : 'API_PORT', scheme: plain ? 'http' : 'https' });
    const callback = webUrl(given('DAPI_API__POC_CALLBACK_URL'));
    if (callback && /[a-z]/i.test(callback.hostname) && callback.hostname === url.hostname) add('attention', 'callback_public', 'DAPI_API__POC_CALLBACK_URL', { host: callback.hostname });
  }

  if (given('JAEGER_ENABLED') === 'true') {
    if (!given('JAEGER_BASIC_AUTH_USER')) add('broken', 'dashboard_sign_in', 'JAEGER_BASIC_AUTH_USER', { dashboard: 'Jaeger' });
    if (NO_PASSWORD.has(given('JAEGER_BASIC_AUTH_PASSWORD'))) add('broken', 'dashboard_sign_in', 'JAEGER_BASIC_AUTH_PASSWORD', { dashboard: 'Jaeger' });
  }
  if (given('GRAFANA_ENABLED') === 'true' && NO_PASSWORD.has(given('GRAFANA_ADMIN_PASSWORD'))) {
    // Grafana itself has a default for it; it is the proxy that refuses.
    const services = active.filter((one) => one.variables.includes('GRAFANA_ENABLED')).map((one) => one.name).join(', ');
    if (services) problems.push({ level: 'broken', code: 'dashboard_sign_in', params: { variable: 'GRAFANA_ADMIN_PASSWORD', services, dashboard: 'Grafana' } });
  }
  if (given('POSTGRES_HOST') && !given('POSTGRES_PASSWORD')) add('attention', 'postgres_password', 'POSTGRES_PASSWORD');
  return problems;
}
