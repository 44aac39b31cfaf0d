import { type Assignment, type Entry, type EnvFile, isMagicVariable } from './env-file.ts';
import type { Doubt, Reason } from './shell-doubt.ts';
import type { Piece } from './shell-words.ts';

/**
 * What a variable is after bash has sourced the file. `exported`: a child such as compose gets it.
 * `shell`: set without export, so no child sees it. `unknown`: line and reason of what can't be read.
 */
export type EnvValue = { state: 'exported' | 'shell'; value: string; line: number } | { state: 'unknown'; reason: Reason; line: number };

export type EnvValues = {
  variables: Map<string, EnvValue>;
  /** False: a statement that isn't understood may also have set variables that aren't in the map. */
  certain: boolean;
  /** Bash gives up in this line; `lost` are the variables that stand in it and after it. */
  stopped?: { line: number; reason: Reason; lost: string[] };
  /** Statements that aren't understood, with the variables whose value they make unknown; `wide`: maybe others too. */
  doubts: { line: number; reason: Reason; names: string[]; wide: boolean }[];
  /** `$NAME` inside a value while NAME isn't set: often a password with a bare dollar sign. */
  undefinedReferences: { line: number; variable: string; name: string }[];
  invalidNames: { line: number; name: string }[];
};

/** `exported` undefined: may be or not. */
type State = { value?: string; exported: boolean | undefined; line: number; reason?: Reason; touched: boolean };

/** Set by the login or by bash itself: what they are in the operator's shell isn't known here. */
const OUTER = /^(?:HOME|HOSTNAME|HOSTTYPE|MACHTYPE|OSTYPE|PATH|PWD|OLDPWD|SHELL|TERM|USER|LOGNAME|LANG|LANGUAGE|LC_.*|PS\d|DISPLAY|SSH_.*|XDG_.*|MAIL.*|EDITOR|HIST.*|TMPDIR|SUDO_.*|VIRTUAL_ENV|CONDA.*)$/;

class Unknown extends Error {
  readonly reason: Reason;
  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * The variables after `source file` in a fresh bash with `environment` (HOME, PATH, PWD …) and nothing else.
 * Order and rules: bash manual, "Shell Parameters", "Shell Expansions"; compared with bash itself by property tests.
 */
export function envValues(file: EnvFile, environment: Record<string, string>): EnvValues {
  const states = new Map<string, State>(Object.entries(environment).map(([name, value]) => [name, { value, exported: true, line: 0, touched: false }]));
  /** `export NAME` before NAME is set: exported as soon as it is. */
  const marked = new Set<string>();
  const result: EnvValues = { variables: new Map(), certain: true, doubts: [], undefinedReferences: [], invalidNames: [] };
  let allexport = false;
  let wild: Reason | undefined;
  let rest = false;

  const assign = (one: Assignment, value: string | undefined, reason: Reason | undefined, exported: boolean, line: number) => {
    const before = states.get(one.name);
    const known = exported || allexport || marked.has(one.name) || (before ? before.exported : wild ? undefined : false);
    states.set(one.name, { value, reason: reason ?? (known === undefined ? (before?.reason ?? wild) : undefined), line, exported: known, touched: true });
  };
  const forget = (name: string, reason: Reason, line: number, reach: Doubt['reach']) => {
    states.set(name, { reason, line, exported: (reach === 'names' && states.get(name)?.exported) || undefined, touched: true });
  };
  const lookup = (name: string): string | undefined => {
    if (isMagicVariable(name)) throw new Unknown('shell_variable');
    const state = states.get(name);
    if (state) {
      if (state.value === undefined) throw new Unknown(state.reason ?? 'command');
      return state.value;
    }
    if (wild) throw new Unknown(wild);
    if (OUTER.test(name)) throw new Unknown('shell_variable');
    return undefined;
  };
  const expand = (one: Assignment, line: number): { value?: string; reason?: Reason } => {
    if (one.doubt) return { reason: one.doubt.reason };
    try {
      const undefinedNames: string[] = [];
      let value = textOf(tildes(one.value, () => lookup('HOME')), lookup, undefinedNames);
      for (const name of undefinedNames) result.undefinedReferences.push({ line, variable: one.name, name });
      if (one.append) value = (lookup(one.name) ?? '') + value;
      return { value };
    } catch (error) {
      if (error instanceof Unknown) return { reason: error.reason };
      throw error;
    }
  };

  const stops = new Map<number, Reason>();
  for (const entry of file.entries) if (entry.doubt?.reach === 'stop') stops.set(entry.unit, entry.doubt.reason);

  for (const entry of file.entries) {
    const { line } = entry;
    const stop = stops.get(entry.unit);
    if (result.stopped || (stop && !rest)) {
      if (!result.stopped && entry.kind !== 'blank') result.stopped = { line, reason: stop as Reason, lost: [] };
      result.stopped?.lost.push(...namesOf(entry).filter((name) => !result.stopped?.lost.includes(name)));
      continue;
    }
    if (rest) {
      const all = namesOf(entry);
      for (const name of all) forget(name, wild ?? 'command', line, 'rest');
      if (all.length > 0) result.doubts.push({ line, reason: wild ?? 'command', names: all, wide: false });
      continue;
    }
    if (entry.doubt) {
      const { reason, reach } = entry.doubt;
      const names = new Set(entry.names);
      if (reach !== 'names') {
        for (const [name, state] of states) if (state.touched) names.add(name);
        for (const name of states.keys()) if (!states.get(name)?.touched) states.delete(name);
        wild = reason;
        marked.clear();
        result.certain = false;
        if (reach === 'rest') rest = true;
      }
      for (const name of names) forget(name, reason, line, reach);
      result.doubts.push({ line, reason, names: [...names], wide: reach !== 'names' });
    } else if (entry.kind === 'allexport') allexport = entry.on === true;
    else if (entry.kind === 'unset') {
      for (const name of entry.names) {
        states.delete(name);
        marked.delete(name);
      }
    } else if (entry.kind === 'assign' || entry.kind === 'export') {
      const exported = entry.kind === 'export';
      // Arguments are all expanded before export runs; plain assignments one after the other.
      const early = exported && entry.assignments.length > 1 ? entry.assignments.map((one) => (one.append ? undefined : expand(one, line))) : [];
      entry.assignments.forEach((one, i) => {
        const { value, reason } = early[i] ?? expand(one, line);
        assign(one, value, reason, exported, line);
        if (reason) result.doubts.push({ line, reason, names: [one.name], wide: false });
      });
      for (const name of entry.names) {
        const state = states.get(name);
        if (state) states.set(name, { ...state, exported: true, touched: true });
        else marked.add(name);
      }
    }
    for (const name of entry.invalidNames) result.invalidNames.push({ line, name });
  }
  for (const [name, state] of states) {
    if (!state.touched) continue;
    if (state.value === undefined || state.exported === undefined) result.variables.set(name, { state: 'unknown', reason: state.reason ?? 'command', line: state.line });
    else result.variables.set(name, { state: state.exported ? 'exported' : 'shell', value: state.value, line: state.line });
  }
  return result;
}

const namesOf = (entry: Entry) => [...entry.assignments.map((one) => one.name), ...entry.names];

/** `~` at the start of a value and after each bare `:`, when nothing but `/`, `:` or the end follows. */
function tildes(pieces: Piece[], home: () => string | undefined): Piece[] {
  if (!pieces.some((piece) => piece.kind === 'text' && !piece.quoted && piece.text.includes('~'))) return pieces;
  let open = true;
  return pieces.map((piece, index) => {
    if (piece.kind !== 'text' || piece.quoted) {
      open = false;
      return piece;
    }
    let text = '';
    for (let i = 0; i < piece.text.length; i++) {
      const char = piece.text[i] as string;
      if (char === '~' && open) {
        const next = piece.text[i + 1];
        const last = next === undefined && index === pieces.length - 1;
        if (!last && next !== '/' && next !== ':') throw new Unknown('tilde');
        const value = home();
        if (value === undefined) throw new Unknown('tilde');
        text += value;
      } else text += char;
      open = char === ':';
    }
    return { ...piece, text };
  });
}

function textOf(pieces: Piece[], lookup: (name: string) => string | undefined, missing: string[]): string {
  const [only] = pieces;
  if (pieces.length === 1 && only?.kind === 'text') return only.text;
  return pieces
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      const value = lookup(piece.name);
      const { operator } = piece;
      if (!operator) {
        if (value === undefined) missing.push(piece.name);
        return value ?? '';
      }
      const given = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
      const word = () => textOf(piece.word, lookup, missing);
      if (operator.endsWith('-')) return given ? (value as string) : word();
      return given ? word() : '';
    })
    .join('');
}

/** The part that reaches compose: exported values that are known. */
export function exportedValues(values: EnvValues): Record<string, string> {
  const exported: Record<string, string> = {};
  for (const [name, one] of values.variables) if (one.state === 'exported') exported[name] = one.value;
  return exported;
}

