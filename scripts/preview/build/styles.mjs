import path from 'node:path'
import { build } from 'esbuild'
import postcss from 'postcss'

const toVw = (value) => value.replace(/(-?[\d.]+)rpx/g, (_, number) => `${Number((number / 7.5).toFixed(4))}vw`)
const isKeyframe = (rule) => rule.parent.type === 'atrule' && /keyframes$/.test(rule.parent.name)

/** rpx become vw; classes of an isolated component get its scope as a prefix, :host its attribute. */
const rewrite = (scope) => ({
  postcssPlugin: 'wxss',
  // Once and not Rule: a visitor of rules would see its own changes again
  Once(root) {
    root.walkDecls((declaration) => { declaration.value = toVw(declaration.value) })
    if (!scope) return
    root.walkRules((rule) => {
      if (!isKeyframe(rule)) rule.selector = rule.selector.replace(/:host/g, `[wx-host="${scope}"]`).replace(/\.(?=[a-zA-Z_])/g, `.${scope}--`)
    })
  },
})

/** Components hide their classes unless they say otherwise; pages do not. */
function isIsolated({ component, styleIsolation }) {
  if (!styleIsolation) return component === true
  return !styleIsolation.endsWith('shared') || styleIsolation.endsWith('apply-shared')
}

/** The style sheets by page and component, and the scopes of those that are isolated. */
export async function compileStyles({ dist, files, configs, names }) {
  const scopes = Object.fromEntries(names.map((name, index) => [name, `s${index}`]).filter(([name]) => isIsolated(configs[name])))
  const styles = {}
  for (const name of ['app', ...names].filter((one) => files.includes(`${one}.wxss`))) {
    const bundle = await build({ entryPoints: [path.join(dist, `${name}.wxss`)], bundle: true, write: false, loader: { '.wxss': 'css' }, logLevel: 'error' })
    styles[name] = (await postcss([rewrite(scopes[name])]).process(bundle.outputFiles[0].text, { from: undefined })).css
  }
  return { styles, scopes }
}
