/** The cards as the panel and the guide write them. */
import { afterEach, beforeAll, afterAll, expect, test } from 'vitest';
import { accountAddress, newAccountKey } from './addresses.ts';
import { startOperatorMachine, type OperatorMachine, type OperatorOptions } from './operator-machine.ts';
import { startSeed, type Seed } from './seed.ts';

const RELEASE = 'https://github.com/gonka-ai/gonka/releases/download/release%2Fv0.2.9';
const ADD = './inferenced keys add gonka-account-key --keyring-backend file';
let seed: Seed;
const machines: OperatorMachine[] = [];
const machine = (options?: OperatorOptions) => {
  const made = startOperatorMachine(options);
  machines.push(made);
  return made;
};
beforeAll(async () => { seed = await startSeed({ host: '127.0.0.1', rateLimit: false }); });
afterEach(() => { for (const item of machines.splice(0)) item.remove(); });
afterAll(() => seed.stop());

test('download, make runnable, create the key: what the terminal shows has the public key and the mnemonic', async () => {
  const operator = machine({ withoutTool: true, password: `'"$(x) 密码 \\` });
  const file = 'inferenced-linux-amd64.zip';
  const got = await operator.run([`curl -fL -o ${file} ${RELEASE}/${file}`, `unzip -o ${file} || python3 -m zipfile -e ${file} .`, 'chmod +x inferenced', './inferenced --help'].join('\n'));
  expect([got.code, operator.downloads()]).toEqual([0, [`${RELEASE}/${file}`]]);
  const made = await operator.run(ADD);
  expect(made.code).toBe(0);
  const key = operator.key()!;
  expect(accountAddress(key.pubKey)).toBe(key.address);
  expect(made.output).toContain(`{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"${key.pubKey}"}`);
  for (const words of ['Enter keyring passphrase (attempt 1/3):\nRe-enter keyring passphrase:\n', '**Important** write this mnemonic phrase']) expect(made.output).toContain(words);
  expect((await operator.run('./inferenced keys show gonka-account-key --keyring-backend file')).output).toContain(`address: ${key.address}`);
}, 60_000);

test('the keyring of the system asks for nothing', async () => {
  const operator = machine();
  const made = await operator.run(ADD.replace('file', 'os'));
  expect([made.code, made.output.includes('passphrase')]).toEqual([0, false]);
  expect(operator.key()?.address).toMatch(/^gonka1/);
}, 30_000);

test('packages that are not for this machine, and the one that is made for containers', async () => {
  const operator = machine({ withoutTool: true });
  const last = async (file: string) => {
    const { code, output } = await operator.run(`curl -fL -o x.zip ${RELEASE}/${file}\nunzip -o x.zip\nchmod +x inferenced\n./inferenced --help`);
    return [code, output.trim()];
  };
  expect(await last('inferenced-darwin-arm64.zip')).toEqual([126, './inferenced: cannot execute binary file: Exec format error']);
  expect(await last('inferenced-amd64.zip')).toEqual([127, 'Error relocating ./inferenced: qsort_r: symbol not found']);
  const { code, output } = await operator.run(`curl -fL -o x.zip ${RELEASE}/inferenced-linux-amd64.zip\nunzip -o x.zip\n./inferenced --help`);
  expect([code, output]).toEqual([126, expect.stringContaining('Permission denied')]);
}, 60_000);

test('the grant, as the guide breaks it into lines, with the release of the tool', async () => {
  const operator = machine({ release: '0.2.8' });
  await operator.run(ADD);
  const { address, pubKey } = operator.key()!;
  const warm = newAccountKey().address;
  const card = `./inferenced tx inference grant-ml-ops-permissions \\\n    gonka-account-key \\\n    ${warm} \\\n    --from gonka-account-key \\\n    --keyring-backend file \\\n    --gas 2000000 \\\n    --node ${seed.url}/chain-rpc/`;
  expect((await operator.run(card)).output).toContain('failed to get account details');
  seed.register({ address, url: 'http://203.0.113.7:8000', validator_key: 'k', pub_key: pubKey });
  const granted = await operator.run(card);
  expect([granted.code, granted.output.includes('Transaction confirmed successfully!')]).toEqual([0, true]);
  expect(seed.ledger.grants.find((grant) => grant.grantee === warm)?.messages).toHaveLength(27);
}, 60_000);

test('what the account key changes by itself: URL and consensus key, and the public profile; taken is not done', async () => {
  const operator = machine({ release: '0.2.14' });
  await operator.run(ADD);
  const { address, pubKey } = operator.key()!;
  const submit = (url: string, more = '') => operator.run(`./inferenced tx inference submit-new-participant '${url}' --validator-key NEW --from gonka-account-key --keyring-backend file --timeout-duration 1m --unordered --node ${seed.url}/chain-rpc/ --chain-id gonka-mainnet${more}`);
  expect((await submit('http://203.0.113.9:8000')).output).toContain(`account ${address} not found: key not found`);
  seed.register({ address, url: 'http://203.0.113.7:8000', validator_key: 'OLD', pub_key: pubKey });
  const host = () => seed.ledger.hosts.find((one) => one.address === address);
  const refused = await submit('not-a-url');
  expect([refused.code, refused.output.includes('code: 0'), host()?.url]).toEqual([0, true, 'http://203.0.113.7:8000']);
  const done = await submit('http://203.0.113.9:8000');
  expect(done.output).toContain('confirm transaction before signing and broadcasting [y/N]');
  expect([done.code, host()?.url, host()?.validatorKey]).toEqual([0, 'http://203.0.113.9:8000', 'NEW']);
  const profile = () => operator.run(`./inferenced tx staking edit-validator --chain-id gonka-mainnet --from gonka-account-key --new-moniker "北京 GPU 1" --keyring-backend file --node ${seed.url}/chain-rpc/ --yes`);
  expect([(await profile()).code, host()?.description]).toEqual([0, undefined]);
  host()!.firstEpoch = 3;
  expect([(await profile()).output.includes('[y/N]'), host()?.description]).toEqual([false, { moniker: '北京 GPU 1' }]);
}, 60_000);

test('a release that pays fees for its key says whether the allowance is new', async () => {
  const operator = machine({ release: '0.2.14' });
  await operator.run(ADD);
  const { address, pubKey } = operator.key()!;
  const warm = newAccountKey().address;
  seed.register({ address, url: 'http://203.0.113.7:8000', validator_key: 'k', pub_key: pubKey });
  const grant = () => operator.run(`./inferenced tx inference grant-ml-ops-permissions gonka-account-key ${warm} --from gonka-account-key --keyring-backend file --gas 2000000 --node ${seed.url}/chain-rpc/`);
  const allowance = async () => (await fetch(`${seed.url}/chain-api/cosmos/feegrant/v1beta1/allowance/${address}/${warm}`)).status;
  expect(await allowance()).toBe(404);
  expect((await grant()).output).toContain('Including new feegrant allowance');
  expect(await allowance()).toBe(200);
  expect((await grant()).output).toContain('Existing feegrant allowance');
}, 60_000);

test('a card with lines behind a command that asks is refused', async () => {
  await expect(machine().run(`${ADD}\n./inferenced keys list --keyring-backend file`)).rejects.toThrow('a paste would type this into the prompt');
});
