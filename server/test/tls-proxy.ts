import { request } from 'node:http'
import { createServer } from 'node:https'
import { makeCertificate } from './certificate.ts'

/** A reverse proxy as the documents describe it: it has the certificate, and hands everything on unchanged over plain http. */
export async function openTlsProxy({ port, target }: { port: number; target: string }) {
  const certificate = makeCertificate()
  const server = createServer(certificate, (incoming, outgoing) => {
    const forwarded = {
      'x-forwarded-for': incoming.socket.remoteAddress ?? '',
      'x-forwarded-proto': 'https',
    }
    const onward = request(
      target + incoming.url!,
      { method: incoming.method!, headers: { ...incoming.headers, ...forwarded } },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers)
        answer.pipe(outgoing)
      },
    )
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    certificate: certificate.cert,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
