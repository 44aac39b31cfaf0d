/** Writes a tar archive (ustar) whose bytes depend on nothing but its content. */
export class TarWriter {
  #parts: Buffer[] = [];
  #directories = new Set<string>();

  file(path: string, content: Buffer, mode = 0o644): void {
    this.#parents(path);
    this.#header(path, content.length, mode, '0');
    this.#parts.push(content, Buffer.alloc((512 - (content.length % 512)) % 512));
  }

  directory(path: string, mode = 0o755): void {
    const name = path.replace(/\/*$/, '/');
    if (this.#directories.has(name)) return;
    this.#parents(name.slice(0, -1));
    this.#directories.add(name);
    this.#header(name, 0, mode, '5');
  }

  end(): Buffer {
    return Buffer.concat([...this.#parts, Buffer.alloc(1024)]);
  }

  #parents(path: string): void {
    const at = path.lastIndexOf('/');
    if (at > 0) this.directory(path.slice(0, at));
  }

  #header(path: string, size: number, mode: number, type: string): void {
    const header = Buffer.alloc(512);
    const octal = (value: number, at: number, length: number) => header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at);
    header.write(path, 0, 100);
    octal(mode, 100, 8);
    octal(0, 108, 8);
    octal(0, 116, 8);
    octal(size, 124, 12);
    octal(0, 136, 12);
    header.write('        ', 148);
    header.write(type, 156);
    header.write('ustar\0' + '00', 257);
    let sum = 0;
    for (const byte of header) sum += byte;
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    this.#parts.push(header);
  }
}
