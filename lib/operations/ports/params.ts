import { z } from 'zod';
import { fileVersion } from '#lib/deployment/config-schema.ts';
import { isInnerAddress } from '#lib/deployment/internal-ports.ts';
import { PORT_FILE_NAMES, type PortFileName } from '#lib/deployment/port-files.ts';

const portFile = z.enum(PORT_FILE_NAMES as [PortFileName, ...PortFileName[]]);
const service = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/);

/** What was on the screen: the address, each file's new version (SHA-256, `absent`: no such file), the services that are recreated. Nothing else is done. */
export const closePorts = z.object({ address: z.ipv4().refine(isInnerAddress), files: z.array(z.object({ name: portFile, version: fileVersion })).length(PORT_FILE_NAMES.length), services: z.array(service).max(50) });
export const openPorts = closePorts.omit({ address: true });
export type PortParams = z.infer<typeof openPorts> & { address?: string };
