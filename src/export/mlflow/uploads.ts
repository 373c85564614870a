import { openAsBlob } from 'node:fs';
import { NightshiftError } from '../../shared/errors.ts';
import { fileError } from '../../shared/files.ts';
import type { Artefact } from './run-export.ts';
import type { Server } from './server.ts';

export interface Uploads {
  /** Where the server keeps a run's artefacts, in its own words. */
  readonly artefactUri: string;
  readonly files: readonly Artefact[];
  readonly progress: (done: number) => void;
}

/**
 * Uploads files below a run's artefacts, through the server itself; what is there under the same names is replaced. Gives back false,
 * having uploaded nothing, where the server has its clients write to a store of files that is not reached by HTTP.
 */
export async function upload(server: Server, { artefactUri, files, progress }: Uploads): Promise<boolean> {
  const root = servedPath(artefactUri, server.address.host);
  if (root === undefined) return false;
  for (const [i, file] of files.entries()) {
    progress(i);
    if (!(await server.patiently(async () => server.put(`${root}${file.path}`, await contentOf(file))))) return false;
  }
  return true;
}

/** The path below the server's own artefacts; undefined where they are elsewhere: there nothing is sent, and no credentials. */
function servedPath(artefactUri: string, host: string): string | undefined {
  const match = /^mlflow-artifacts:(?:\/\/([^/]*))?\/*(.*?)\/*$/.exec(artefactUri);
  if (match === null) return undefined;
  const [, authority = '', path = ''] = match;
  if (authority !== '' && authority !== host) return undefined;
  return path === '' ? '' : `${path}/`;
}

async function contentOf(file: Artefact): Promise<Blob> {
  if ('text' in file) return new Blob([file.text]);
  try {
    const blob = await openAsBlob(file.file);
    if (blob.size === file.bytes) return blob;
  } catch (cause) {
    throw fileError(file.file, cause);
  }
  throw new NightshiftError({ code: 'model-altered', what: 'A file changed while it was exported', where: file.file, expected: `${file.bytes} bytes`, fix: 'run the command again once nothing writes there' });
}
