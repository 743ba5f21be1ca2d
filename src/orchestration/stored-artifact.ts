import type { ArtifactDocument } from './documents.ts';

/** An artifact as the run holds it: where its content lies, instead of the content. */
export type StoredArtifact = ArtifactDocument & { payload_id: string };
