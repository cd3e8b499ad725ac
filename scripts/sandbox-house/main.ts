// The server beside a sandbox: the product as it is, and the pages that show it.
import { serve } from '../../server/serve.ts'
import { addSandboxPages } from './pages.ts'

await serve({ pages: addSandboxPages })
