declare const __API_BASE__: string | undefined

/** Where the server is. The build writes MINIPROGRAM_API_BASE here; '' means the address the page itself came from. */
export const apiBase: string =
  typeof __API_BASE__ === 'string' ? __API_BASE__ : 'http://127.0.0.1:3000'
