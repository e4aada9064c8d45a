import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Listing } from '../listing.js'

/** The instances that the state asks for; undefined before they have been found. */
export const ListedContext = createContext<Listing | undefined>(undefined)

export const useListed = (): Listing | undefined => useContext(ListedContext)
