/** `receive-hook` of `ReceiveHook`. */
export function kebabCase(name: string): string {
  return name.replaceAll(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
