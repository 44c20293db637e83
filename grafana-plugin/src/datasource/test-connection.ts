import type { TestDataSourceResponse } from '@grafana/data';
import type { ServiceReader } from '../verdicts/service-client.js';
import { troubleOf } from '../verdicts/service-trouble.js';
import { say } from '../words/say.js';

/**
 * Whether the service can be read as it is set up, and if not, what of the setting is wrong. Asks for deployments, because readiness is told
 * to anybody and would not notice a wrong token.
 */
export async function testConnection(
  reader: Pick<ServiceReader, 'deployments'>,
  serviceUrl: string | undefined,
): Promise<TestDataSourceResponse> {
  const wrong = urlProblem(serviceUrl);
  if (wrong !== undefined) return { status: 'error', message: wrong };
  try {
    const { items } = await reader.deployments({ fromMs: Date.now() - 86_400_000 });
    return { status: 'success', message: say('test.ok', { count: items.length }) };
  } catch (error) {
    const { title, detail, remedy } = troubleOf(error);
    return { status: 'error', message: [title, detail, remedy].filter((part) => part !== '').join(' ') };
  }
}

/** What is wrong with an address, before anything is asked of it. */
export function urlProblem(serviceUrl: string | undefined): string | undefined {
  const text = serviceUrl?.trim() ?? '';
  if (text === '') return say('test.url-missing');
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    return say('test.url-unreadable', { url: text });
  if (new URL(text).username !== '') return say('test.url-credentials');
  if (/\/api(\/v1)?\/?$/.test(text))
    return say('test.url-api', { url: text.replace(/\/api(\/v1)?\/?$/, '') });
  if (text.endsWith('/')) return say('test.url-slash', { url: text.replace(/\/+$/, '') });
  return undefined;
}
