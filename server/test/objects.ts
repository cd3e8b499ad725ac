import { expect, test } from '@jest/globals'
import type { Objects } from '../lib/objects.ts'

export async function listNames(objects: Objects): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of objects.list()) names.push(name)
  return names.sort()
}

/** What every store of objects does; each is emptied before. */
export function testObjects(open: () => Objects): void {
  test('what was put is got, as it was, and the last of what was put', async () => {
    const objects = open()
    expect(await objects.get('one.jpg')).toBeUndefined()
    await objects.put('one.jpg', Buffer.from([0, 255, 10, 13]))
    await objects.put('two.jpg', Buffer.alloc(300_000, 7))
    expect(await objects.get('one.jpg')).toEqual(Buffer.from([0, 255, 10, 13]))
    expect((await objects.get('two.jpg'))!.equals(Buffer.alloc(300_000, 7))).toBe(true)
    await objects.put('one.jpg', Buffer.from('again'))
    expect(String(await objects.get('one.jpg'))).toBe('again')
  })

  test('what was removed is gone, and removing it again is boring', async () => {
    const objects = open()
    await objects.put('one.jpg', Buffer.from('one'))
    await objects.put('other.jpg', Buffer.from('other'))
    await objects.remove('one.jpg')
    await objects.remove('one.jpg')
    expect(await objects.get('one.jpg')).toBeUndefined()
    expect(await listNames(objects)).toEqual(['other.jpg'])
  })

  test('all are listed, however many there are, with when they were written', async () => {
    const objects = open()
    expect(await listNames(objects)).toEqual([])
    const names = Array.from({ length: 8 }, (_, at) => `${String(at)}-picture.jpg`)
    for (const name of names) await objects.put(name, Buffer.from(name))
    expect(await listNames(objects)).toEqual(names)
    for await (const { at } of objects.list())
      expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000)
  })

  test.each(['../one.jpg', 'a/b.jpg', '', '.', '..', 'a..b', '.hidden', 'a\\b', 'a\u0000'])(
    'a name that could lead elsewhere is none: %j',
    async (name) => {
      const objects = open()
      await expect(objects.put(name, Buffer.from('x'))).rejects.toThrow('no name')
      await expect(objects.get(name)).rejects.toThrow('no name')
      await expect(objects.remove(name)).rejects.toThrow('no name')
    },
  )
}
