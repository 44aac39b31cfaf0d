import { describe, expect, it } from 'vitest';
import { imageReference } from './image-reference.ts';
import { pullError } from './pull-error.ts';

const code = (said: string) => pullError('ghcr.io/product-science/api:0.2.4', said).code;

describe('why a pull failed, from the sentence of the engine', () => {
  it.each([
    ['toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit', 'pull_rate_limited'],
    ['manifest for ghcr.io/product-science/api:0.2.4 not found: manifest unknown: manifest unknown', 'pull_not_found'],
    ['failed to resolve reference "docker.io/library/nope:1": docker.io/library/nope:1: not found', 'pull_not_found'],
    ['pull access denied for nope, repository does not exist or may require \'docker login\': denied: requested access to the resource is denied', 'pull_denied'],
    ['Head "https://ghcr.io/v2/product-science/api/manifests/0.2.4": denied', 'pull_denied'],
    ['no matching manifest for linux/arm64/v8 in the manifest list entries', 'pull_wrong_platform'],
    ['Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io on 127.0.0.53:53: no such host', 'pull_no_network'],
    ['Get "https://ghcr.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)', 'pull_no_network'],
    ['unexpected EOF', 'pull_no_network'],
    ['failed to register layer: write /usr/lib/x: no space left on device', 'pull_disk_full'],
    ['write /var/lib/docker/tmp/GetImageBlob1: no space left on device', 'pull_disk_full'],
    ['filesystem layer verification failed for digest sha256:ab', 'pull_failed'],
  ])('%s', (said, expected) => expect(code(said)).toBe(expected));

  it('names the registry', () => expect(pullError('nginx:1.28.0', 'toomanyrequests: x').params.registry).toBe('docker.io'));
});

describe('the parts of an image\'s name', () => {
  it.each([
    ['nginx', 'docker.io', 'library/nginx', 'latest'],
    ['ghcr.io/product-science/api:0.2.4', 'ghcr.io', 'product-science/api', '0.2.4'],
    ['127.0.0.1:5000/a/b:1', '127.0.0.1:5000', 'a/b', '1'],
    ['localhost/a', 'localhost', 'a', 'latest'],
    ['user/a:b', 'docker.io', 'user/a', 'b'],
    ['ghcr.io/x/bridge:0.2.5@sha256:ab', 'ghcr.io', 'x/bridge', 'sha256:ab'],
  ])('%s', (image, registry, repository, version) => expect(imageReference(image)).toEqual({ registry, repository, version }));
});
