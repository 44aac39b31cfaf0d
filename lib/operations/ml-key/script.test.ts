/** The script as real shells run it, with the stand-in `inferenced`: what is made, what is found, and what is never overwritten. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMlKeyOutput } from './output.ts';
import { API_HOME, ML_KEY_SCRIPT, STDIN_END, STOPPED } from './script.ts';

const CLI = path.resolve(import.meta.dirname, '../../../e2e/network/cli.ts');
const has = (file: string) => existsSync(file);
/** dash, which Debian's images have, and busybox's ash, which Alpine's have. */
const SHELLS = [['/bin/sh'], ['/bin/busybox', 'sh']].filter(([file]) => has(file as string));

let dir: string;
let home: string;
let seen: string;
/** What runs right before `keys add`: somebody else's command at the wrong moment. */
let meanwhile = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'ml-key-'));
  home = path.join(dir, 'home');
  seen = path.join(dir, 'seen');
  mkdirSync(home);
  mkdirSync(path.join(dir, 'bin'));
  meanwhile = '';
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function run(shell: string[], { password = 'swordfish-1', stdin = `${password}\n${STDIN_END}\n`, mayMake = 'yes' }: { password?: string; stdin?: string; mayMake?: string } = {}) {
  const wrapper = path.join(dir, 'bin/inferenced');
  writeFileSync(wrapper, `#!/bin/sh\n{ echo "argv: $*"; env; } >> ${seen}\n[ "$2" = add ] && { ${meanwhile || ':'}; }\nexec ${process.execPath} ${CLI} inferenced "$@"\n`);
  chmodSync(wrapper, 0o755);
  const [file = '', ...args] = shell;
  const ran = spawnSync(file, [...args, '-c', ML_KEY_SCRIPT.replaceAll(API_HOME, home)], { input: stdin, encoding: 'utf8', env: { PATH: `${dir}/bin:/usr/bin:/bin`, KEY_NAME: 'gonka-op-key', MAY_MAKE: mayMake, NODE_NO_WARNINGS: '1' } as unknown as NodeJS.ProcessEnv });
  return { exitCode: ran.status ?? -1, stdout: ran.stdout, stderr: ran.stderr };
}
const read = (ran: ReturnType<typeof run>) => readMlKeyOutput(ran, 'gonka-op-key');
const ring = () => path.join(home, 'keyring-file');
const files = () => Object.fromEntries(readdirSync(ring()).sort().map((name) => [name, readFileSync(path.join(ring(), name), 'utf8')]));
const byHand = (name: string, password: string) => execFileSync(process.execPath, [CLI, 'inferenced', 'keys', 'add', name, '--keyring-backend', 'file', '--home', home], { input: `${password}\n${password}\n`, stdio: ['pipe', 'pipe', 'pipe'] });

for (const shell of SHELLS) {
  describe(shell.join(' '), () => {
    it('makes the key where there is none, reads it back, and finds it the next time, untouched', () => {
      const first = read(run(shell));
      expect(first).toMatchObject({ found: 'absent', outcome: { ok: true } });
      expect(first.phrase).toHaveLength(24);
      const before = files();
      const second = read(run(shell));
      expect(second).toEqual({ found: 'present', outcome: first.outcome });
      expect(files()).toEqual(before);
    });

    it.each([`it's "$HOME" $(id) \\ ;#!`, '-n \\c %s `$@*?[a]{b} 密码', '   blanks at both ends  '])('takes the password %j as it is, and hands it to no argument and no environment', (password) => {
      expect(read(run(shell, { password }))).toMatchObject({ found: 'absent', outcome: { ok: true } });
      expect(read(run(shell, { password }))).toMatchObject({ found: 'present', outcome: { ok: true } });
      expect(readFileSync(seen, 'utf8')).not.toContain(password.trim());
      expect(readFileSync(seen, 'utf8')).toContain('argv: keys add gonka-op-key');
    });

    it('a password that begins with y overwrites nothing, in the second run and in a race', () => {
      byHand('another', 'yes-password');
      const made = read(run(shell, { password: 'yes-password' }));
      expect(made).toMatchObject({ found: 'absent', outcome: { ok: true } });
      const before = files();
      expect(read(run(shell, { password: 'yes-password' })).found).toBe('present');
      expect(files()).toEqual(before);
      // A command typed by hand makes the key between the look and the making.
      rmSync(path.join(ring(), 'gonka-op-key.info'));
      const kept = path.join(dir, 'kept');
      meanwhile = `printf '%s\\n' yes-password | ${process.execPath} ${CLI} inferenced keys add gonka-op-key --keyring-backend file --home ${home} > /dev/null 2>&1; cp ${ring()}/gonka-op-key.info ${kept}`;
      const raced = read(run(shell, { password: 'yes-password' }));
      expect(readFileSync(path.join(ring(), 'gonka-op-key.info'), 'utf8')).toBe(readFileSync(kept, 'utf8'));
      expect(raced.phrase).toBeUndefined();
      expect(raced.outcome.ok).toBe(true);
    });

    it('a wrong password for the keyring makes nothing, for the key shows nothing', () => {
      byHand('another', 'right-password');
      const before = files();
      expect(read(run(shell, { password: 'wrong-password' }))).toMatchObject({ found: 'absent', outcome: { ok: false, error: { code: 'ml_key_keyring_password' } } });
      expect(files()).toEqual(before);
      byHand('gonka-op-key', 'right-password');
      expect(read(run(shell, { password: 'wrong-password' }))).toMatchObject({ found: 'present', outcome: { ok: false, error: { code: 'ml_key_password' } } });
    });

    it('what can not be seen for certain is not absent', () => {
      const stopped = (code: number) => {
        const ran = run(shell);
        expect([ran.exitCode, existsSync(seen)]).toEqual([code, false]);
      };
      symlinkSync(path.join(home, 'not-there'), ring());
      stopped(STOPPED.unreadable);
      rmSync(ring());
      writeFileSync(ring(), '');
      stopped(STOPPED.unreadable);
      rmSync(ring());
      rmSync(home, { recursive: true });
      stopped(STOPPED.unreadable);
      mkdirSync(ring(), { recursive: true });
      // A keyring without its keyhash: an incomplete copy.
      writeFileSync(path.join(ring(), 'another.info'), 'x');
      stopped(STOPPED.partial);
      symlinkSync(path.join(home, 'not-there'), path.join(ring(), 'gonka-op-key.info'));
      expect(read(run(shell))).toMatchObject({ found: 'present', outcome: { ok: false, error: { code: 'ml_key_damaged' } } });
    });

    it('a key whose file is damaged is not made anew', () => {
      read(run(shell));
      writeFileSync(path.join(ring(), 'gonka-op-key.info'), 'half');
      const before = files();
      expect(read(run(shell))).toMatchObject({ found: 'present', outcome: { ok: false, error: { code: 'ml_key_damaged' } } });
      expect(files()).toEqual(before);
    });

    it('a password that was cut off becomes no keyring', () => {
      for (const stdin of ['', 'swordf', 'swordfish-1\n', 'swordfish-1\nen']) {
        expect(run(shell, { stdin }).exitCode).toBe(STOPPED.cut);
        expect(existsSync(ring())).toBe(false);
      }
    });

    it('makes nothing unless it may', () => {
      expect(read(run(shell, { mayMake: 'no' }))).toMatchObject({ found: 'absent', outcome: { ok: false, error: { code: 'ml_key_gone_now' } } });
      expect(existsSync(ring())).toBe(false);
    });
  });
}

it('runs under the shells of both families of images', () => expect(SHELLS.length).toBe(2));
