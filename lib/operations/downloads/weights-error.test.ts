import { describe, expect, it } from 'vitest';
import { weightsError } from './weights-error.ts';

const code = (exit: number, ...lines: string[]) => weightsError({ model: 'Qwen/QwQ-32B' }, lines, exit).code;

describe('why a download of weights ended', () => {
  it('a repository that isn\'t there is no gated one, though the words speak of gated ones', () => {
    expect(code(1, 'huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error.', 'If you are trying to access a private or gated repo, make sure you are authenticated.')).toBe('weights_not_found');
    expect(code(1, 'huggingface_hub.errors.GatedRepoError: 401 Client Error.', 'Cannot access gated repo for url https://huggingface.co/x.')).toBe('weights_gated');
  });

  it('a number in a progress bar is no rate limit', () => {
    expect(code(137, 'model-00001.safetensors: 42%|████ | 1.429M/3.00M')).toBe('weights_killed');
    expect(code(1, '429 Client Error: Too Many Requests for url: https://huggingface.co/x')).toBe('weights_rate_limited');
  });

  it.each([
    ['OSError: [Errno 28] No space left on device', 'weights_disk_full'],
    ['OSError: [Errno 30] Read-only file system', 'weights_not_writable'],
    ['huggingface_hub.errors.RevisionNotFoundError: 404 Client Error.', 'weights_no_revision'],
    ['requests.exceptions.ConnectionError: HTTPSConnectionPool(host=\'huggingface.co\', port=443): Max retries exceeded', 'weights_no_network'],
    ['huggingface_hub.errors.LocalEntryNotFoundError: An error happened while trying to locate the files on the Hub', 'weights_no_network'],
    ['Segmentation fault', 'weights_failed'],
  ])('%s', (line, expected) => expect(code(1, line)).toBe(expected));
});
