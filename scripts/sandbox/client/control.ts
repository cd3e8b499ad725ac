import type { ControlRouter, Desk } from '../http/control.ts'
import { readSigned, verify } from './signatures.ts'

/** What a client asks the platform before it lets a page call anything native. */
export function clientControl({ post }: ControlRouter, { stage }: Desk): void {
  post('/client/verify', ({ body }) => verify(stage, readSigned(body, 'body')))
}
