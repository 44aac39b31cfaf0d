/**
 * What runs inside the one-off container of the `api` image: looks for the key and makes it where it is surely absent,
 * without leaving the container in between (ADR 014). POSIX, and no value is ever part of its text: names come by the
 * environment, the password by stdin; what a shell assigns isn't handed on to programs.
 */

/** Where the api image has it (facts 1.3), and where the program looks by default (measured, keys-add-no-stdin.txt). */
export const API_HOME = '/root/.inference';
/** Each part of the output begins with a line of its own. */
export const MARK = 'gonka-panel';
/** The second line of stdin: a password that was cut off in the middle must not become the keyring's. */
export const STDIN_END = 'end';

/** Why it stopped, by its exit code. */
export const STOPPED = { cut: 60, unreadable: 61, partial: 62, gone: 63, not_made: 64, not_shown: 65 } as const;

const KEYS = `--keyring-backend file --home ${API_HOME}`;
const add = `inferenced keys add "$KEY_NAME" ${KEYS} --output json`;

/*
 * `keys add` is given no more lines than it has questions: an existing keyring asks for the password once, so that the
 * question whether to overwrite a key (measured 4) would meet the end of the input, never a password that begins with y.
 */
export const ML_KEY_SCRIPT = [
  `IFS= read -r PW && IFS= read -r END && [ "$END" = ${STDIN_END} ] || exit ${STOPPED.cut}`,
  `cd ${API_HOME} && ls -A . > /dev/null || exit ${STOPPED.unreadable}`,
  'K=keyring-file',
  'I="$K/$KEY_NAME.info"',
  `[ -L "$K" ] && [ ! -e "$K" ] && exit ${STOPPED.unreadable}`,
  `[ -e "$K" ] && [ ! -d "$K" ] && exit ${STOPPED.unreadable}`,
  `[ ! -d "$K" ] || ls -A "$K/." > /dev/null || exit ${STOPPED.unreadable}`,
  'FOUND=absent',
  '[ -e "$I" ] && FOUND=present',
  '[ -L "$I" ] && FOUND=present',
  'RING=new',
  '[ -s "$K/keyhash" ] && RING=known',
  `[ "$FOUND" = absent ] && [ "$RING" = new ] && [ -d "$K" ] && [ -n "$(ls -A "$K/.")" ] && exit ${STOPPED.partial}`,
  `echo "${MARK} $FOUND"`,
  `[ "$FOUND" = present ] || [ "$MAY_MAKE" = yes ] || exit ${STOPPED.gone}`,
  `[ "$FOUND" = present ] || [ "$RING" = known ] || printf '%s\\n%s\\n' "$PW" "$PW" | ${add}`,
  `[ "$FOUND" = present ] || [ "$RING" = new ] || printf '%s\\n' "$PW" | ${add}`,
  `[ -s "$I" ] || exit ${STOPPED.not_made}`,
  `echo "${MARK} address"`,
  `printf '%s\\n' "$PW" | inferenced keys show "$KEY_NAME" -a ${KEYS} || exit ${STOPPED.not_shown}`,
  `echo "${MARK} pubkey"`,
  `printf '%s\\n' "$PW" | inferenced keys show "$KEY_NAME" -p ${KEYS} || exit ${STOPPED.not_shown}`,
  `echo "${MARK} done"`,
].join('\n');
