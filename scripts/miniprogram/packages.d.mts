type Packages = Map<string, string[]>
export function readPackages(app: {
  pages: string[]
  subPackages?: { root: string; pages: string[] }[]
}): Packages
export function assign(given: {
  names: string[]
  packages: Packages
  needs: Map<string, string[]>
}): { wrong: string[]; packageOf: (module: string) => string }
