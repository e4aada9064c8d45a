/** The text that carries data in a page: one block a column, and a head that says what they are. */

import type { Scene } from '../data/scene.js'
import {
  type Coded,
  type Column,
  type ColumnForm,
  decodeColumn,
  encodeColumn,
  encodeSides,
  plainBytes,
} from './column-codec.js'
import { ColumnKernel } from './column-kernel.js'
import { type AsciiText, fromBase64, type Pack, pack, unpack } from './payload.js'
import { type Columns, decodeScene, encodeScene, type SceneHead } from './scene-data.js'

/** Text by name; letters, digits and `+/=` only, so that it can stand in any document. */
export type Blocks = Map<string, AsciiText>

interface Head {
  scene: SceneHead
  forms: Record<string, ColumnForm>
  content: unknown
}

/** The name of the block that describes the others. */
export const HEAD = 'head'

type Texts = [name: string, text: AsciiText][]

/** Columns as the text of a page, and how to read them. */
interface Packed {
  forms: Record<string, ColumnForm>
  texts: Promise<Texts>
}

/** A scene as the text of a page: plain data, which another thread may have made. */
export interface PackedScene {
  head: SceneHead
  forms: Packed['forms']
  texts: Texts
}

/** `packColumn` may do for columns what `pack` does, faster. */
export async function packScene(scene: Scene, packColumn: Pack = pack): Promise<PackedScene> {
  const packed = packedSoon(scene, packColumn)
  return { ...packed, texts: await packed.texts }
}

function packedSoon(scene: Scene, packColumn: Pack): Packed & { head: SceneHead } {
  const kernel = ColumnKernel.create()
  const { head, columns } = encodeScene(scene, kernel)
  return { head, ...packColumns(columns, packColumn, kernel) }
}

function packColumns(columns: Columns, packColumn: Pack, kernel: ColumnKernel | null): Packed {
  const forms: Packed['forms'] = {}
  const texts: Promise<Texts[number]>[] = []
  const add = async (name: string, { form, bytes }: Coded): Promise<Texts[number]> => {
    forms[name] = form
    return [name, await packColumn(bytes, plainBytes(form))]
  }
  // All are on their way to be compressed, which other threads do, before the first is waited for.
  for (const [name, column] of Object.entries(columns)) {
    if ('boxes' in column)
      encodeSides(column.boxes, kernel).forEach((coded, side) => {
        texts.push(add(`${name}.${side}`, coded))
      })
    else texts.push(add(name, encodeColumn(column, kernel)))
  }
  return { forms, texts: Promise.all(texts) }
}

export interface PageOptions {
  /** Further columns by name. */
  columns?: Columns
  /** The scene, where it has been packed already. */
  packed?: PackedScene
  /** Pack columns, and other bytes, faster than `pack`. */
  packColumn?: Pack
  packText?: Pack
}

/** `content` is anything that JSON can say, also with infinite numbers. */
export async function encodePage(
  scene: Scene,
  content: unknown,
  { columns = {}, packed, packColumn = pack, packText = pack }: PageOptions = {},
): Promise<Blocks> {
  const ofScene = packed ?? packedSoon(scene, packColumn)
  const others = packColumns(columns, packColumn, null)
  const head: Head = { scene: ofScene.head, forms: { ...ofScene.forms, ...others.forms }, content }
  const headText = packText(new TextEncoder().encode(JSON.stringify(head, infiniteToText)))
  return new Map([...(await ofScene.texts), ...(await others.texts), [HEAD, await headText]])
}

/** Before the names of the second model's blocks. */
const SECOND = 'b.'

/** The blocks of a second model beside those of the first, without those that are the same: the ground truth's. */
export function besides(first: Blocks, second: Blocks): Blocks {
  const blocks: Blocks = new Map()
  for (const [name, text] of second) if (!isSameText(first.get(name), text)) blocks.set(SECOND + name, text)
  return blocks
}

const isSameText = (one: AsciiText | undefined, other: AsciiText): boolean =>
  one?.length === other.length && one.every((character, i) => character === other[i])

/** Finds the blocks of the second model of a page; null where it has one model. */
export function secondOf(find: (name: string) => string | null): ((name: string) => string | null) | null {
  if (find(SECOND + HEAD) === null) return null
  return name => find(SECOND + name) ?? find(name)
}

export interface PageData<Content> {
  scene: Scene
  content: Content
  /** Names of all columns. */
  names: string[]
  /** Decodes a column that `encodePage` was given. */
  column: (name: string) => Promise<Column>
}

/** `pause` is awaited before each piece of work, so that a page can give way meanwhile. */
export async function decodePage<Content>(
  block: (name: string) => string,
  pause: () => Promise<void> = async () => {},
): Promise<PageData<Content>> {
  const bytes = async (name: string, plain = 0): Promise<Uint8Array> => {
    await pause()
    const packed = fromBase64(block(name))
    await pause()
    const inflated = await unpack(packed, plain)
    await pause()
    return inflated
  }
  const head: Head = JSON.parse(new TextDecoder().decode(await bytes(HEAD)), textToInfinite)
  const column = async (name: string) => {
    const form = head.forms[name]
    return decodeColumn(form, await bytes(name, plainBytes(form)))
  }
  return {
    scene: await decodeScene(head.scene, column, pause),
    content: head.content as Content,
    names: Object.keys(head.forms),
    column,
  }
}

const INFINITE = { '\u0000+': Number.POSITIVE_INFINITY, '\u0000-': Number.NEGATIVE_INFINITY }

const infiniteToText = (_key: string, value: unknown): unknown =>
  value === INFINITE['\u0000+'] ? '\u0000+' : value === INFINITE['\u0000-'] ? '\u0000-' : value

const textToInfinite = (_key: string, value: unknown): unknown =>
  value === '\u0000+' || value === '\u0000-' ? INFINITE[value] : value
