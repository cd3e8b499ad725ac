// npm run upload:miniprogram -- --version 1.2.0 --desc "..."   builds for the real server and uploads a trial version.
// What it needs may stand in .env: docs/connecting.md, step 7.
// miniprogram-ci is fetched on demand: it has a thousand packages that nobody else here needs.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readEnvironment } from './miniprogram/environment.mjs'

const TOOL = 'miniprogram-ci@2.1.42'
const root = path.resolve(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    version: { type: 'string' },
    desc: { type: 'string', default: '进度通' },
    robot: { type: 'string', default: '1' },
  },
})
const {
  WECHAT_APP_ID: appId,
  MINIPROGRAM_UPLOAD_KEY: key,
  PUBLIC_BASE_URL: publicBase,
  MINIPROGRAM_API_BASE: apiBase = publicBase,
} = readEnvironment()

const missing = [
  !appId && 'WECHAT_APP_ID',
  !apiBase?.startsWith('https://') &&
    'PUBLIC_BASE_URL or MINIPROGRAM_API_BASE (https://..., the server that customers reach)',
  !(key && existsSync(key)) &&
    'MINIPROGRAM_UPLOAD_KEY (path of the upload key: 小程序后台 → 开发管理 → 小程序代码上传)',
  !/^\d+\.\d+\.\d+$/.test(values.version ?? '') && '--version 1.2.0',
].filter(Boolean)
if (missing.length > 0) {
  console.error(`missing: ${missing.join(', ')}`)
  process.exit(2)
}

const run = (command, args) => {
  const { status } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, MINIPROGRAM_API_BASE: apiBase },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}
run(process.execPath, [path.join(root, 'scripts/build-miniprogram.mjs')])
const { setting } = JSON.parse(readFileSync(path.join(root, 'project.config.json'), 'utf8'))
run('npx', [
  '--yes',
  TOOL,
  'upload',
  '--pp',
  root,
  '--pkp',
  key,
  '--appid',
  appId,
  '--uv',
  values.version,
  '--ud',
  values.desc,
  '-r',
  values.robot,
  '--enable-es6',
  String(setting.es6),
])
