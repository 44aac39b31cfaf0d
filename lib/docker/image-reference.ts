/** Docker's rule (distribution/reference): the first part is a host when it has a dot or a colon, or is `localhost`. */
export type ImageReference = { registry: string; repository: string; /** Tag, or digest with its algorithm. */ version: string };

/** `nginx:1.28.0` → registry `docker.io`, repository `library/nginx`, version `1.28.0`. A digest wins over a tag. */
export function imageReference(image: string): ImageReference {
  const [named = '', digest] = image.split('@');
  const slash = named.indexOf('/');
  const first = slash < 0 ? '' : named.slice(0, slash);
  const hosted = /[.:]/.test(first) || first === 'localhost';
  const rest = hosted ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(':');
  const path = colon > rest.lastIndexOf('/') ? rest.slice(0, colon) : rest;
  const tag = colon > rest.lastIndexOf('/') ? rest.slice(colon + 1) : 'latest';
  return { registry: hosted ? first : 'docker.io', repository: hosted || path.includes('/') ? path : `library/${path}`, version: digest ?? tag };
}

/** The host that an image comes from. */
export const registryOf = (image: string): string => imageReference(image).registry;
