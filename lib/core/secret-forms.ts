/**
 * The forms in which a value may stand in a log, a file dump, a URL or a command: raw, JSON, YAML, Go's %q and %v of
 * bytes, Python's repr, URL, base64, hex, shell, HTML; escapes of escapes (JSON inside a quoted log field) one level deep.
 */
export function secretForms(value: string): string[] {
  const forms = new Set<string>([value]);
  const escapes = [json, jsonAscii, goJson, goQuote, goQuoteAscii, pythonRepr, yamlSingle, yamlDouble];
  for (const first of escapes) {
    const once = first(value);
    forms.add(once);
    for (const second of [json, goJson, goQuote, yamlSingle]) forms.add(second(once));
  }
  for (const form of [...urlForms(value), ...shellForms(value), ...htmlForms(value), ...binaryForms(value)]) forms.add(form);
  // Go's and JSON's escapes of the shell's: a command line inside a log field.
  for (const form of shellForms(value)) forms.add(json(form));
  return [...forms].filter((form) => form.length >= 4);
}

const inner = (quoted: string) => quoted.slice(1, -1);
const hex = (code: number, width: number) => code.toString(16).padStart(width, '0');

const json = (value: string) => inner(JSON.stringify(value));

const jsonAscii = (value: string) => json(value).replace(/[\u007f-\uffff]/g, (c) => `\\u${hex(c.charCodeAt(0), 4)}`);

/** encoding/json escapes HTML's special characters too. */
const goJson = (value: string) => json(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${hex(c.charCodeAt(0), 4)}`);

const GO_ESCAPES: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f', '\v': '\\v', '\x07': '\\a' };

/** strconv.Quote, as %q and slog print it. */
function goQuote(value: string): string {
  return Array.from(value, (c) => {
    const code = c.codePointAt(0) as number;
    return GO_ESCAPES[c] ?? (code < 0x20 || code === 0x7f ? `\\x${hex(code, 2)}` : c);
  }).join('');
}

function goQuoteAscii(value: string): string {
  return Array.from(goQuote(value), (c) => {
    const code = c.codePointAt(0) as number;
    return code < 0x80 ? c : code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  }).join('');
}

/** Python picks the quotes; inside single ones only the single quote and the backslash are escaped. */
const pythonRepr = (value: string) => value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\t/g, '\\t').replace(/'/g, value.includes('"') ? "\\'" : "'");

const yamlSingle = (value: string) => value.replace(/'/g, "''");

const yamlDouble = (value: string) => goQuote(value).replace(/\u00a0/g, '\\_').replace(/\u0085/g, '\\N').replace(/\x1b/g, '\\e');

function urlForms(value: string): string[] {
  const plain = wellFormed(value);
  const component = encodeURIComponent(plain);
  const strict = component.replace(/[!'()*]/g, (c) => `%${hex(c.charCodeAt(0), 2).toUpperCase()}`);
  const query = strict.replace(/%20/g, '+');
  const path = component.replace(/%(24|26|2B|3A|3D|40)/g, (code) => decodeURIComponent(code));
  const all = [component, strict, query, path, encodeURI(plain), strict.replace(/~/g, '%7E')];
  return [...all, ...all.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

const wellFormed = (value: string) => value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');

function shellForms(value: string): string[] {
  return [
    value.replace(/'/g, "'\\''"),
    value.replace(/'/g, `'"'"'`),
    value.replace(/[\\"$`]/g, '\\$&'),
    value.replace(/[\\"$`!]/g, '\\$&'),
    value.replace(/[^A-Za-z0-9_@%+=:,./\u0080-\uffff-]/g, '\\$&'), // printf %q
    value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t'), // $'…'
    value.replace(/\$/g, '$$$$'), // compose's own escape
  ];
}

function htmlForms(value: string): string[] {
  const base = value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return [
    base,
    base.replace(/"/g, '&quot;').replace(/'/g, '&#39;'),
    base.replace(/"/g, '&quot;').replace(/'/g, '&#x27;'),
    base.replace(/"/g, '&quot;').replace(/'/g, '&apos;'),
    base.replace(/"/g, '&#34;').replace(/'/g, '&#39;'),
    base.replace(/"/g, '&quot;'),
  ];
}

function binaryForms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const forms: string[] = [];
  if (bytes.length >= 4) forms.push(bytes.toString('hex'), bytes.toString('hex').toUpperCase(), [...bytes].join(' '), [...bytes].join(','), [...bytes].join(', '));
  // Inside a longer text the value starts at any of three places of base64's four-letter groups; what neighbours share is left out.
  for (let shift = 0; shift < 3; shift++) {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/, '');
    const start = shift === 0 ? 0 : shift + 1;
    const end = (shift + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    const stable = encoded.slice(start, end);
    if (stable.length >= 8) forms.push(stable, stable.replace(/\+/g, '-').replace(/\//g, '_'));
    if (shift === 0 && encoded.length >= 6) forms.push(encoded, encoded.replace(/\+/g, '-').replace(/\//g, '_'));
  }
  return forms;
}
