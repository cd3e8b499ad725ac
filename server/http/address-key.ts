import { isIPv6 } from 'node:net'

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i
/** A proxy may be made to pass on anything: no key is longer than an address. */
const LONGEST = 64

/**
 * Under which name the requests of an address are counted. Whoever has IPv6 has a whole /64 of addresses to call from,
 * so that counts as one; IPv4 written as IPv6 is the same IPv4.
 */
export function toAddressKey(address: string): string {
  const mapped = MAPPED.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address.slice(0, LONGEST)
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const given = groupsOf(head)
  const missing = tail === undefined ? 0 : 8 - given.length - groupsOf(tail).length
  const groups = [...given, ...Array.from({ length: missing }, () => '0'), ...groupsOf(tail ?? '')]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** An IPv4 at the end stands for two groups. */
const groupsOf = (part: string): string[] =>
  part === ''
    ? []
    : part.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]))
