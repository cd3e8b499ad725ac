import { readFile } from 'node:fs/promises'
import path from 'node:path'
import postcss from 'postcss'
import tailwindcss from 'tailwindcss'
import { createContext } from 'weapp-tailwindcss/core'

/** Class names of a style sheet, as they are written in WXML. */
const classesOf = (css) =>
  [...css.matchAll(/\.((?:\\.|[\w-])+)/g)].map(([, name]) => name.replaceAll('\\', ''))

/**
 * Tailwind's CSS as WXSS, and WXML whose class names match it (WXSS takes no `[`, `/` or `.` in a name). Class names
 * live in WXML only, so no JS is rewritten.
 */
export async function createStyler(root) {
  const weapp = createContext({
    appType: 'native',
    rem2rpx: false,
    logLevel: 'error',
    tailwindcssBasedir: root,
  })
  const tailwind = postcss([tailwindcss(path.join(root, 'tailwind.config.js'))])
  const runtimeSet = new Set() // handed in, because weapp-tailwindcss would look for it anew for every file
  return {
    async toWxss(file) {
      const { css } = await tailwind.process(await readFile(file, 'utf8'), { from: file })
      for (const name of classesOf(css)) runtimeSet.add(name)
      return (await weapp.transformWxss(css)).css
    },
    toWxml: (text) => weapp.transformWxml(text, { runtimeSet }),
  }
}
