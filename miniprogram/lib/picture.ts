import { apiBase } from '../config.ts'

/** The address of a picture as the phone can load it: the server tells it below its own. */
export const toPictureUrl = (path: string): string => (path.startsWith('/') ? apiBase + path : path)

/** Addresses of pictures end a quarter of an hour after they were told; before that they are asked for anew. */
export const PICTURES_END_MS = 9 * 60_000
