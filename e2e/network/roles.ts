/** The program that each upstream image starts by itself. */
import { basename } from 'node:path';

/** Starts it, by the name that the image's configuration carries (image.ts). */
export async function runImage(): Promise<void> {
  const image = process.env.STANDIN_IMAGE ?? '';
  const name = basename(image).replace(/[:@].*$/, '');
  switch (name) {
    case 'tmkms-softsign-with-keygen': return (await import('./services/tmkms.ts')).runTmkms();
    case 'inferenced': return (await import('./services/node.ts')).runNode();
    case 'api': return (await import('./services/api.ts')).runApi();
    case 'mlnode': return (await import('./services/mlnode.ts')).runMlNode();
    case 'nginx': return (await import('./services/inference.ts')).runInference();
    case 'proxy': return (await import('./services/proxy.ts')).runProxy();
    case 'explorer': return (await import('./services/explorer.ts')).runExplorer();
    default: return (await import('./services/other.ts')).runOther(name);
  }
}
