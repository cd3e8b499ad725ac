/**
 * The one company of the sandbox. Every value is obviously fake, fixed for ever and public: the start script hands
 * them to the server, and NODE_ENV=production refuses them there.
 */
export const sandboxCredentials = {
  corpId: 'wwsandbox000000001',
  agentId: '1000002',
  contactSecret: 'sandbox-contact-secret-0000000000000000000',
  kfSecret: 'sandbox-kf-secret-000000000000000000000000',
  callbackToken: 'SandboxContactToken',
  callbackAesKey: 'sandboxSandboxSandboxContactContactKey00000',
  kfCallbackToken: 'SandboxKfToken',
  kfCallbackAesKey: 'sandboxSandboxSandboxKfKfKfKfKfKfKfKey00000',
  openKfId: 'wkSandbox0000000000000000000001',
  miniAppId: 'wx5a2db0c000000001',
  miniAppSecret: '5a2db0c05a2db0c05a2db0c000000001',
  miniOriginalId: 'gh_5a2db0c00001',
  pushToken: 'SandboxPushToken',
  pushAesKey: 'sandboxSandboxSandboxPushPushPushKey0000000',
  officialAppId: 'wx5a2db0c000000002',
  officialAppSecret: '5a2db0c05a2db0c05a2db0c000000002',
  officialOriginalId: 'gh_5a2db0c00002',
  officialToken: 'SandboxOfficialToken',
  officialAesKey: 'sandboxSandboxSandboxOfficialOfficialKey000',
} as const
