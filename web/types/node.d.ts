// As much of Node as the tests use; the packages with the full types are not needed for it.

declare module "node:test" {
  export default function test(name: string, body: () => void | Promise<void>): Promise<void>
}

declare module "node:assert/strict" {
  const assert: {
    (value: unknown, message?: string): asserts value
    equal(actual: unknown, expected: unknown, message?: string): void
    notEqual(actual: unknown, expected: unknown, message?: string): void
    deepEqual(actual: unknown, expected: unknown, message?: string): void
    ok(value: unknown, message?: string): asserts value
    throws(body: () => unknown, expected?: unknown): void
    rejects(body: Promise<unknown> | (() => Promise<unknown>), expected?: unknown): Promise<void>
    fail(message?: string): never
  }
  export default assert
}

declare module "node:fs" {
  export function readdirSync(path: URL | string): string[]
  export function readFileSync(path: URL | string, encoding: "utf8"): string
}

declare module "node:crypto" {
  export const webcrypto: Crypto & { randomUUID(): string }
}

interface ImportMeta {
  url: string
}
