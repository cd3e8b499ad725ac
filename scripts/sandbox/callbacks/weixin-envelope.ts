import { createHash } from 'node:crypto'

import { encrypt, getSignature } from '@wecom/crypto'

import { randomId } from '../base/random.ts'
import { cdata } from '../world/bell.ts'

/** The server of one WeChat account, as its console knows it. */
type Receiver = { path: string; token: string; aesKey: string; appId: string; originalId: string }
type Message = {
  openid: string
  text: string
  format: 'xml' | 'json'
  mode: 'plain' | 'compatible' | 'safe'
}
type Signed = { signature: string; timestamp: string; nonce: string }

/** Covers neither the body nor the openid: in plain mode whoever saw one request can write another. */
const plainSignature = (token: string, timestamp: string, nonce: string): string =>
  createHash('sha1').update([token, timestamp, nonce].sort().join('')).digest('hex')

/** Fresh for every attempt; real time, because a receiver compares it with its own clock. */
export function sign(token: string): Signed {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const nonce = randomId(10)
  return { signature: plainSignature(token, timestamp, nonce), timestamp, nonce }
}

/** One attempt (M: 消息加解密说明). In compatible mode the clear fields stand beside the same content encrypted. */
export function sealForWeixin(
  receiver: Receiver,
  message: Message,
): { path: string; body: string } {
  const signed = { ...sign(receiver.token), openid: message.openid }
  const at = (query: Record<string, string>): string =>
    `${receiver.path}?${new URLSearchParams(query).toString()}`
  if (message.mode === 'plain') return { path: at(signed), body: message.text }
  const sealed = encrypt(receiver.aesKey, message.text, receiver.appId)
  return {
    path: at({
      ...signed,
      encrypt_type: 'aes',
      msg_signature: getSignature(receiver.token, signed.timestamp, signed.nonce, sealed),
    }),
    body:
      message.format === 'json'
        ? jsonAround(sealed, receiver, message)
        : xmlAround(sealed, receiver, message),
  }
}

function xmlAround(sealed: string, { originalId }: Receiver, { mode, text }: Message): string {
  const envelope = `<Encrypt>${cdata(sealed)}</Encrypt></xml>`
  return mode === 'safe'
    ? `<xml><ToUserName>${cdata(originalId)}</ToUserName>${envelope}`
    : text.replace(/<\/xml>$/, envelope)
}

function jsonAround(sealed: string, { originalId }: Receiver, { mode, text }: Message): string {
  const beside: unknown = mode === 'safe' ? { ToUserName: originalId } : JSON.parse(text)
  return JSON.stringify({ ...(beside as object), Encrypt: sealed })
}
